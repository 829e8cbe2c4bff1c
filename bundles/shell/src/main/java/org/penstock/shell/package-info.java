/** The Gogo commands net: and tdi:. */
@NullMarked
package org.penstock.shell;

import org.jspecify.annotations.NullMarked;
