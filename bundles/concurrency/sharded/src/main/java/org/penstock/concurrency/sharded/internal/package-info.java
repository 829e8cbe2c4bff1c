/** The strategy as a service. */
@NullMarked
package org.penstock.concurrency.sharded.internal;

import org.jspecify.annotations.NullMarked;
