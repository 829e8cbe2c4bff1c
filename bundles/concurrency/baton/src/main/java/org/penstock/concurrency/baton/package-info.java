/** Threads own the core from wake to sleep, and hand it over directly. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.baton;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
