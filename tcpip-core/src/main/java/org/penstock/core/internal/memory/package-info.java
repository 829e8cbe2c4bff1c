/** Pools of off-heap memory, accounts and limits. */
@NullMarked
package org.penstock.core.internal.memory;

import org.jspecify.annotations.NullMarked;
