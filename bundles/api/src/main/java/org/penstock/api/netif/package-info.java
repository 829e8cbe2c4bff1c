/**
 * The NIC SPI: a driver moves frames for one slot at a time.
 *
 * <p>Memory belongs to the stack, threads to the concurrency strategy, frames to whoever holds
 * them. A driver fills {@linkplain org.penstock.api.buffer.Landing landings} by its one system
 * call, delivers them as a batch, and reads gather lists that it is lent.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.netif;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
