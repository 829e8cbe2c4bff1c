/** Cells: the units the core is divided into, each with its timers, counters and tables. */
@NullMarked
package org.penstock.core.internal.cell;

import org.jspecify.annotations.NullMarked;
