package org.penstock.core.internal.hash;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/**
 * What a {@link FlowTable} holds: a connection with the addresses and ports of its flow, and the
 * link of its chain, so that the table allocates nothing for it. Owned by the partition of its
 * table; in one table at a time.
 */
public abstract class FlowEntry {
  private final long localHigh;
  private final long localLow;
  private final long remoteHigh;
  private final long remoteLow;
  private final int ports;
  private final int scope;

  /** What the table found it by; set when inserted. */
  long hash;

  boolean inTable;
  @Nullable FlowEntry next;

  /**
   * An entry for a flow.
   *
   * @param ports see {@link #ports(int, int)}
   * @param scope the zone of link-local addresses (RFC 4007), 0 for others
   */
  protected FlowEntry(
      long localHigh, long localLow, long remoteHigh, long remoteLow, int ports, int scope) {
    this.localHigh = localHigh;
    this.localLow = localLow;
    this.remoteHigh = remoteHigh;
    this.remoteLow = remoteLow;
    this.ports = ports;
    this.scope = scope;
  }

  /** Both ports in one int: the local one in the upper 16 bits, the remote one in the lower. */
  public static int ports(int localPort, int remotePort) {
    return localPort << 16 | remotePort & 0xffff;
  }

  /**
   * The ports of a received segment from the first word of its header, where the sender's comes
   * first.
   */
  public static int portsOfReceived(int sourceAndDestination) {
    return Integer.rotateLeft(sourceAndDestination, 16);
  }

  /** The first 64 bits of the local address. */
  public final long localHigh() {
    return localHigh;
  }

  /** The last 64 bits of the local address. */
  public final long localLow() {
    return localLow;
  }

  /** The first 64 bits of the remote address. */
  public final long remoteHigh() {
    return remoteHigh;
  }

  /** The last 64 bits of the remote address. */
  public final long remoteLow() {
    return remoteLow;
  }

  /** Both ports, see {@link #ports(int, int)}. */
  public final int ports() {
    return ports;
  }

  /** The zone of link-local addresses, 0 for others. */
  public final int scope() {
    return scope;
  }

  /** The local address, for people and views: allocates. */
  public final IpAddress localAddress() {
    return IpAddress.of(localHigh, localLow, scope);
  }

  /** The remote address, for people and views: allocates. */
  public final IpAddress remoteAddress() {
    return IpAddress.of(remoteHigh, remoteLow, scope);
  }

  /** The local port. */
  public final int localPort() {
    return ports >>> 16;
  }

  /** The remote port. */
  public final int remotePort() {
    return ports & 0xffff;
  }

  final boolean isFor(
      long localHigh, long localLow, long remoteHigh, long remoteLow, int ports, int scope) {
    return this.ports == ports
        && this.remoteLow == remoteLow
        && this.localLow == localLow
        && this.remoteHigh == remoteHigh
        && this.localHigh == localHigh
        && this.scope == scope;
  }
}
