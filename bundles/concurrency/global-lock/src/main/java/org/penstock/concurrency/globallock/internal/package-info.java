/** The strategy as an OSGi component. */
@NullMarked
package org.penstock.concurrency.globallock.internal;

import org.jspecify.annotations.NullMarked;
