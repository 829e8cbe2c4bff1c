/** Aligned tables and units. */
@NullMarked
package org.penstock.shell.internal.table;

import org.jspecify.annotations.NullMarked;
