/**
 * A runtime whose time, chance and interleavings come from a seed, so that whatever happened
 * happens again.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
