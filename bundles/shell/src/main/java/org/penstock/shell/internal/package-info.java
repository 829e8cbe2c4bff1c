/** What the commands have in common. */
@NullMarked
package org.penstock.shell.internal;

import org.jspecify.annotations.NullMarked;
