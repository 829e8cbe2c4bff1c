/**
 * Parts that drivers inside the JVM are built from: copies of frames and the memory they lie in,
 * frames that wait for their time, what a device does with super-frames and checksums that were
 * left to it, a fence. A driver may use them or not; the stack knows nothing of them.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.netif.support;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
