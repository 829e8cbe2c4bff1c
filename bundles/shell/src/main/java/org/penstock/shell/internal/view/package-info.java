/** How the views of a stack and its transport are shown. */
@NullMarked
package org.penstock.shell.internal.view;

import org.jspecify.annotations.NullMarked;
