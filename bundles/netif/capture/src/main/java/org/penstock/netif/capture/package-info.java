/** Captures of an interface's frames as pcapng, to a file or to whoever reads a pipe. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.netif.capture;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
