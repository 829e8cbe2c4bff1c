/** The transport layer behind the exported TDI API. */
@NullMarked
package org.penstock.tdi.internal;

import org.jspecify.annotations.NullMarked;
