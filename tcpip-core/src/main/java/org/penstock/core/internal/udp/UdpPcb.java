package org.penstock.core.internal.udp;

import java.lang.foreign.MemorySegment;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpUser;

/** An open UDP address. Owned by its cell. */
final class UdpPcb implements UdpPort {

  private final UdpCell cell;
  private final TransportAddress local;
  private final UdpUser user;
  private IpSettings ip = IpSettings.DEFAULT;
  private boolean dontFragment;
  private boolean broadcast;
  private boolean closed;

  UdpPcb(UdpCell cell, TransportAddress local, UdpUser user) {
    this.cell = cell;
    this.local = local;
    this.user = user;
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  UdpUser user() {
    return user;
  }

  @Override
  public Sent send(TransportAddress remote, MemorySegment source, long offset, int length) {
    return send(remote, source, offset, length, ip);
  }

  @Override
  public Sent send(
      TransportAddress remote, MemorySegment source, long offset, int length, IpSettings settings) {
    if (closed) {
      throw new IllegalStateException("UDP address " + local + " is closed");
    }
    return cell.send(this, remote, source, offset, length, settings);
  }

  @Override
  public void ip(IpSettings settings) {
    ip = settings;
  }

  @Override
  public void dontFragment(boolean refuse) {
    dontFragment = refuse;
  }

  boolean dontFragment() {
    return dontFragment;
  }

  @Override
  public void broadcast(boolean permit) {
    broadcast = permit;
  }

  boolean broadcast() {
    return broadcast;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cell.remove(this);
    }
  }

  /** True once it was closed; then its user is told nothing more. */
  boolean isClosed() {
    return closed;
  }

  /** True if it is open for exactly that address. */
  boolean isBoundTo(long high, long low) {
    IpAddress address = local.address();
    return address.low() == low && address.high() == high;
  }

  /** True if it is open for all addresses. */
  boolean isBoundToAny() {
    return local.address().isAny();
  }

  PcbView view(int cellIndex) {
    IpAddress any = local.address().isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6;
    return PcbView.withoutData(
        "udp", PcbView.List.BOUND, "-", local, new TransportAddress(any, 0), "address", cellIndex);
  }
}
