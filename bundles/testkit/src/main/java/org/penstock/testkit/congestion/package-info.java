/** The contract test of congestion control. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.congestion;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
