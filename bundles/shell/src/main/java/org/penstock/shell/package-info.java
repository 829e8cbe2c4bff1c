/** The Gogo commands of the scopes net and tdi. */
@NullMarked
package org.penstock.shell;

import org.jspecify.annotations.NullMarked;
