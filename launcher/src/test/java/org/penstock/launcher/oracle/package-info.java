/** Linux and its programs as peers that know nothing of us: whether we are right, they say. */
@NullMarked
package org.penstock.launcher.oracle;

import org.jspecify.annotations.NullMarked;
