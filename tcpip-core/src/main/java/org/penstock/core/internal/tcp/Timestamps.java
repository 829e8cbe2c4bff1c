package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The timestamps of a connection that has negotiated them (RFC 7323 §3 to §5): our clock, and the
 * peer's latest value, TS.Recent. Outlives the connection in its TIME-WAIT. Owned by the cell.
 */
final class Timestamps {

  /** RFC 7323 §5.4: between 1 ms and 1 s. A tick in nanoseconds. */
  private static final long TICK = 1_000_000L;

  /** RFC 7323 §5.5: so long an idle peer's clock may stand still, before its sign bit is wrong. */
  private static final long OUTDATED = 24L * 24 * 3600 * 1_000_000_000L;

  private final int offset;
  private int recent;
  private long recentAt;

  /**
   * A clock.
   *
   * @param offset where it starts: RFC 7323 §5.4 wants that nobody else can tell, and that it is
   *     the same for all connections of a pair of sockets, so that their values grow
   */
  Timestamps(int offset) {
    this.offset = offset;
  }

  /** TSval of a segment that leaves at a time. */
  int value(long now) {
    return (int) Math.floorDiv(now, TICK) + offset;
  }

  /**
   * The round-trip time that an echo of our clock tells, rounded up to whole ticks; 0 if the echo
   * is of no time that has been.
   */
  long elapsed(int echo, long now) {
    int ticks = value(now) - echo;
    return ticks < 0 ? 0 : (ticks + 1L) * TICK;
  }

  /** TS.Recent: TSecr of a segment with an acknowledgement. */
  int recent() {
    return recent;
  }

  /** The peer's SYN brings its first value. */
  void begin(int value, long now) {
    recent = value;
    recentAt = now;
  }

  /**
   * True if a value is older than TS.Recent, so that its segment is an old duplicate (RFC 7323 §5.3
   * R1).
   */
  boolean isOld(int value, long now) {
    // §5.5: what was heard too long ago says nothing of what comes now.
    return SequenceNumber.lessThan(value, recent) && now - recentAt <= OUTDATED;
  }

  /**
   * An acceptable segment has come that starts at or before Last.ACK.sent (RFC 7323 §4.3 (2)), and
   * is {@linkplain #isOld not old}.
   */
  void update(int value, long now) {
    recent = value;
    recentAt = now;
  }
}
