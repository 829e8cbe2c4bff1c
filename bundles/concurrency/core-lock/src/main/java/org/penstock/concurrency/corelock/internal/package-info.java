/** The strategy as an OSGi component. */
@NullMarked
package org.penstock.concurrency.corelock.internal;

import org.jspecify.annotations.NullMarked;
