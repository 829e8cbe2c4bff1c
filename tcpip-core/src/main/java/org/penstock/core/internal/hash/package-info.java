/** Keyed hashing of flows, and the table that finds them. Tables are owned by the partition. */
@NullMarked
package org.penstock.core.internal.hash;

import org.jspecify.annotations.NullMarked;
