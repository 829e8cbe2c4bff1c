/** Timers: a hierarchical wheel without a clock of its own. All of it is owned by the partition. */
@NullMarked
package org.penstock.core.internal.timer;

import org.jspecify.annotations.NullMarked;
