/** The congestion control that is built in, and the table of those that plug in. */
@NullMarked
package org.penstock.core.internal.congestion;

import org.jspecify.annotations.NullMarked;
