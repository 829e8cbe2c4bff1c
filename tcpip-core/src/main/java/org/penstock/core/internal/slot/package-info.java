/** Slots, and the drivers bound to them. */
@NullMarked
package org.penstock.core.internal.slot;

import org.jspecify.annotations.NullMarked;
