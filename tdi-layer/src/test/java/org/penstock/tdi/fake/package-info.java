/** An in-memory stack behind the core's interfaces, with connections that tests script. */
@org.jspecify.annotations.NullMarked
package org.penstock.tdi.fake;
