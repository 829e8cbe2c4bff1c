package org.penstock.core.internal.hash;

/**
 * The keyed hash of a flow: one for the stack, so that the cell a flow lives in and its place in
 * that cell's {@link FlowTable} come from one computation per packet. Immutable; allocates nothing.
 *
 * <p>Addresses are 128 bits, IPv4 in its IPv4-mapped form. Ports are packed by {@link
 * FlowEntry#ports}.
 */
public final class FlowHash {
  private static final long MAPPED_PREFIX = 0xffff;

  private final SipHash hash;

  /** A hash by a secret of the stack. */
  public FlowHash(SipHash hash) {
    this.hash = hash;
  }

  /**
   * The hash of a flow.
   *
   * @param scope the zone of link-local addresses (RFC 4007), 0 for others
   */
  public long hash(
      long localHigh, long localLow, long remoteHigh, long remoteLow, int ports, int scope) {
    long end = (long) scope << 32 | ports & 0xffff_ffffL;
    if ((localHigh | remoteHigh) == 0
        && localLow >>> 32 == MAPPED_PREFIX
        && remoteLow >>> 32 == MAPPED_PREFIX) {
      // An IPv4 flow fits two words: half the work.
      return hash.hash(localLow << 32 | remoteLow & 0xffff_ffffL, end);
    }
    return hash.hash(localHigh, localLow, remoteHigh, remoteLow, end);
  }
}
