/** The strategy as an OSGi component. */
@NullMarked
package org.penstock.concurrency.baton.internal;

import org.jspecify.annotations.NullMarked;
