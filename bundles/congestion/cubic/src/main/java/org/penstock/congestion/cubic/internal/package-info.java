/** The parts of CUBIC: its function of time, the end of slow start, the words of a connection. */
@NullMarked
package org.penstock.congestion.cubic.internal;

import org.jspecify.annotations.NullMarked;
