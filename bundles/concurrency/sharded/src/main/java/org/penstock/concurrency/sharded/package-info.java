/** A thread for each partition, which drives a queue; posts between them. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.sharded;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
