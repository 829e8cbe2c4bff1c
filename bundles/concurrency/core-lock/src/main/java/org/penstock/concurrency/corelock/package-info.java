/** One thread for frames and timers, a mutex for callers. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.corelock;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
