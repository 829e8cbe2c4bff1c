package org.penstock.core.internal.ip;

import org.penstock.core.internal.hash.SipHash;
import org.penstock.core.internal.stack.StackContext;

/**
 * The cells in which things other than TCP's flows are at home. From any thread, allocates nothing.
 * The choice is keyed by the stack's secret, so that nobody outside knows what shares a cell.
 */
public final class Homes {

  /** The cell of what a stack has only once: ARP, neighbours. */
  public static final int CONTROL = 0;

  private final SipHash hash;
  private final int mask;

  /** For a stack with that secret and that many cells, a power of two. */
  public Homes(StackContext.Secret secret, int cells) {
    this.hash = new SipHash(secret.first(), secret.second());
    this.mask = cells - 1;
  }

  /** The home of a UDP port: an open address has one home, whoever sends to it. */
  public int ofUdpPort(int port) {
    return (int) hash.hash(port) & mask;
  }

  /** The home of ICMP echoes between two addresses. */
  public int ofEcho(long remoteHigh, long remoteLow, long localHigh, long localLow) {
    return (int) hash.hash(remoteHigh, remoteLow, localHigh, localLow) & mask;
  }

  /** The home of the fragments of one IPv4 packet. */
  public int ofFragments(int source, int destination, int protocol, int identification) {
    long addresses = (long) source << 32 | destination & 0xffff_ffffL;
    return (int) hash.hash(addresses, protocol, identification) & mask;
  }
}
