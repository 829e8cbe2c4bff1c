/** Goodput on a bad network: this stack's beside the kernel's. */
@NullMarked
package org.penstock.goodput;

import org.jspecify.annotations.NullMarked;
