/**
 * Parts that strategies are built from: threads that drive queues, a thread that keeps deadlines,
 * threads that own a partition, counters. A strategy may use them or not; the stack knows nothing
 * of them.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.concurrency.support;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
