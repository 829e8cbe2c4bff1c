/** Two stacks joined by a cable, for the tests of services. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
