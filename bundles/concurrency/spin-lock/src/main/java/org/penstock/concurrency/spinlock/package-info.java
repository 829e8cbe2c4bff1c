/** One spin lock around every entry into the stack. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.spinlock;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
