/** What the transport layer, the shell and embedders see of the TCP/IP core. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.core.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
