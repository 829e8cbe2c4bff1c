/** The strategy as an OSGi component. */
@NullMarked
package org.penstock.concurrency.striped.internal;

import org.jspecify.annotations.NullMarked;
