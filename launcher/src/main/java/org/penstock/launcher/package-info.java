/** Embeds Felix and assembles the distribution. */
@NullMarked
package org.penstock.launcher;

import org.jspecify.annotations.NullMarked;
