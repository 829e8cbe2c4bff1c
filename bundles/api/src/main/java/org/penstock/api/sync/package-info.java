/**
 * Mutex, semaphore and queue built on {@code StackRuntime} alone, so that a simulator sees every
 * wait.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.sync;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
