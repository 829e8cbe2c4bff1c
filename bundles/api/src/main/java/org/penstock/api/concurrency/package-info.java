/**
 * The concurrency SPI: what makes a core without locks safe to enter from many threads.
 *
 * <p>The core is divided into cells, cells are grouped into partitions, and a {@link
 * org.penstock.api.concurrency.ConcurrencyStrategy} provides the exclusion of each partition: at
 * most one thread is inside at any time, and what it wrote is visible to the next.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.concurrency;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
