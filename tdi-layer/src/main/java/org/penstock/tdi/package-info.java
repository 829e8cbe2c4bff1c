/** Address files, connection endpoints and control channels. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.tdi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
