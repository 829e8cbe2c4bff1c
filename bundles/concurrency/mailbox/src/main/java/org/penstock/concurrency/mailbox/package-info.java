/** One stack thread; callers post and wait. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.mailbox;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
