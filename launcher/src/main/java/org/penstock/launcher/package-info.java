/**
 * Starts Penstock by itself: an embedded OSGi framework with the distribution's bundles. The
 * launcher starts bundles and never calls into them.
 */
@NullMarked
package org.penstock.launcher;

import org.jspecify.annotations.NullMarked;
