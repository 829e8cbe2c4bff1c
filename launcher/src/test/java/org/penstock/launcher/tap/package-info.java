/** The whole distribution against Linux's own TCP, over a TAP in a network namespace. */
@NullMarked
package org.penstock.launcher.tap;

import org.jspecify.annotations.NullMarked;
