/**
 * Wire formats: each header as static accessors over a segment and an offset (the hot path, nothing
 * allocated) and as a record (control plane, tests, traces).
 *
 * <p>A packet is checked once, at the door: {@code check} answers the reason to drop it, or null.
 * Accessors trust a header that passed. {@code verify} checks the checksum where it covers more
 * than the header, so that a driver's word for it can save the work. Nothing outside this package
 * touches an offset by hand.
 *
 * <p>Stateless but for {@link org.penstock.core.internal.wire.TcpOptions} and {@link
 * org.penstock.core.internal.wire.Ipv6Extensions}, which are reusable and owned by the partition.
 */
@NullMarked
package org.penstock.core.internal.wire;

import org.jspecify.annotations.NullMarked;
