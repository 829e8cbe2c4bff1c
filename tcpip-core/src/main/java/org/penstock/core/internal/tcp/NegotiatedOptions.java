package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.TcpOptionWriter;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * Which options the segments of a connection may carry: what we offer until the peer's SYN has
 * come, and from then on what both SYNs offer (RFC 2018 §2, RFC 7323 §1.3). Owned by the cell.
 */
final class NegotiatedOptions {

  /** Room for options in a TCP header. */
  private static final int ROOM = 40;

  private boolean scaling = true;
  private boolean sack;
  private boolean timestamps;

  /** What we offer; window scale always. */
  NegotiatedOptions(boolean sack, boolean timestamps) {
    this.sack = sack;
    this.timestamps = timestamps;
  }

  /** The peer's SYN has come. */
  void negotiate(TcpOptions offered) {
    scaling &= offered.hasWindowScale();
    sack &= offered.isSackPermitted();
    timestamps &= offered.hasTimestamps();
  }

  /** What both SYNs had offered is known again, from a cookie. */
  void restore(boolean scale, boolean selective, boolean stamps) {
    scaling = scale;
    sack &= selective;
    timestamps &= stamps;
  }

  /** True if both sides scale their windows (RFC 7323 §2.2). */
  boolean isScaling() {
    return scaling;
  }

  /** True if both sides may acknowledge selectively (RFC 2018 §2). */
  boolean hasSack() {
    return sack;
  }

  /** True if every segment carries timestamps (RFC 7323 §3.2). */
  boolean hasTimestamps() {
    return timestamps;
  }

  /** Bytes of the options that every segment carries. They are taken off its text (RFC 6691 §2). */
  int lengthOnEverySegment() {
    return timestamps ? TcpOptionWriter.TIMESTAMPS_LENGTH : 0;
  }

  /** How many SACK blocks may be told in so many bytes. */
  int sackBlocks(int bytes) {
    return sack ? TcpOptionWriter.sackBlocks(bytes) : 0;
  }

  /** How many bytes of other options have room beside those on every segment. */
  int room() {
    return ROOM - lengthOnEverySegment();
  }
}
