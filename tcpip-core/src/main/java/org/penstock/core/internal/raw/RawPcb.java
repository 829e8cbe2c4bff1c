package org.penstock.core.internal.raw;

import java.lang.foreign.MemorySegment;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.RawPort;
import org.penstock.core.api.RawUser;
import org.penstock.core.api.UdpPort.Sent;

/** An open raw endpoint. Owned by its cell. */
final class RawPcb implements RawPort {

  private final RawLayer layer;
  private final int protocol;
  private final IpAddress local;
  private final RawUser user;
  private IpSettings ip = IpSettings.DEFAULT;
  private boolean dontFragment;
  private boolean broadcast;
  private boolean closed;

  RawPcb(RawLayer layer, int protocol, IpAddress local, RawUser user) {
    this.layer = layer;
    this.protocol = protocol;
    this.local = local;
    this.user = user;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public IpAddress local() {
    return local;
  }

  RawUser user() {
    return user;
  }

  @Override
  public void ip(IpSettings settings) {
    ip = settings;
  }

  IpSettings ip() {
    return ip;
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
  public Sent send(IpAddress remote, MemorySegment payload, long offset, int length) {
    if (closed) {
      throw new IllegalStateException("raw endpoint " + local + " is closed");
    }
    return layer.send(this, remote, payload, offset, length);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      layer.remove(this);
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean takes(IpAddress destination) {
    return !closed && (local.isAny() || local.equals(destination));
  }

  /** Its protocol number stands in place of the port, as tools for Linux show it. */
  PcbView view(int cell) {
    return PcbView.withoutData(
        "raw",
        PcbView.List.BOUND,
        "-",
        new TransportAddress(local, protocol),
        new TransportAddress(IpAddress.ANY_IPV4, 0),
        "address",
        cell);
  }
}
