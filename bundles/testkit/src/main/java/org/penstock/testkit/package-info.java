/** Fixtures and contract tests shared by the tests of every bundle. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
