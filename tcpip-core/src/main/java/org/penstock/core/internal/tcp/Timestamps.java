package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The timestamps of a connection that has negotiated them (RFC 7323 §3 to §5): our clock, and the
 * peer's latest value, TS.Recent. Outlives the connection in its TIME-WAIT. Owned by the cell.
 */
final class Timestamps {

  /** RFC 7323 §5.4: between 1 ms and 1 s. A tick in nanoseconds. */
  private static final long TICK = 1_000_000L;

  private final int offset;
  private int recent;

  /**
   * A clock.
   *
   * @param offset where it starts: RFC 7323 §5.4 wants that nobody else can tell, and that it is
   *     the same for all connections of a pair of sockets, so that their values grow
   */
  Timestamps(int offset) {
    this.offset = offset;
  }

  /** TSval of a segment that leaves now. */
  int value(long now) {
    return (int) Math.floorDiv(now, TICK) + offset;
  }

  /** TS.Recent: TSecr of a segment with an acknowledgement. */
  int recent() {
    return recent;
  }

  /** The peer's SYN brings its first value. */
  void begin(int value) {
    recent = value;
  }

  /** An acceptable segment has come that starts at or before Last.ACK.sent (RFC 7323 §4.3 (2)). */
  void update(int value) {
    recent = SequenceNumber.max(recent, value);
  }
}
