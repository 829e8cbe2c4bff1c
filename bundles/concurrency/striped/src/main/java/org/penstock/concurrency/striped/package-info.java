/** A lock for each partition, entered on the caller's own thread. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.striped;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
