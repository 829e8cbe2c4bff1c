/** Loopback, and a virtual cable and a virtual switch between stacks in one JVM. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.netif.loopback;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
