/** The strategy as an OSGi component. */
@NullMarked
package org.penstock.concurrency.spinlock.internal;

import org.jspecify.annotations.NullMarked;
