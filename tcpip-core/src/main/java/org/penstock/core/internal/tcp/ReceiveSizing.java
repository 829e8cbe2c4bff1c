package org.penstock.core.internal.tcp;

/**
 * How large the receive window may become: dynamic right-sizing (Fisk and Feng, 2001). A connection
 * begins with a limit that costs little; when its user takes more than half of it within a round
 * trip, the window and not the user is what holds the peer back, and the limit follows. It never
 * falls by itself: what the peer was offered cannot be taken back (RFC 9293 §3.8.6). Owned by the
 * cell.
 *
 * <p>The limit is what <em>may</em> be held: an idle connection, or one whose user keeps up, holds
 * nothing, however large its limit has grown.
 */
final class ReceiveSizing {

  private final int stacks;
  private int most;
  private int limit;
  private int taken;
  private int before;
  private long since;

  /**
   * Sizing for a new connection.
   *
   * @param wanted the user's limit, 0 to begin small
   * @param stacks the most that the stack allows where the user names nothing
   */
  ReceiveSizing(int wanted, int stacks, long now) {
    this.stacks = stacks;
    this.since = now;
    this.limit = Math.min(TcpLimits.INITIAL_RECEIVE, TcpLimits.buffer(0, stacks));
    this.before = limit / 2;
    wanted(wanted);
  }

  /** The user names a limit, which holds from now on; or 0, and it grows from where it is. */
  void wanted(int bytes) {
    most = TcpLimits.buffer(bytes, stacks);
    limit = bytes == 0 ? Math.min(limit, most) : most;
  }

  /** The most that may be held now, in bytes. */
  int limit() {
    return limit;
  }

  /** The most that it may ever become: what window scale is chosen for. */
  int most() {
    return most;
  }

  /**
   * The user took bytes.
   *
   * @param roundTrip the round-trip time
   * @param mayGrow false while memory is scarce
   */
  void taken(int bytes, long roundTrip, boolean mayGrow, long now) {
    if (limit >= most) {
      return;
    }
    taken += bytes;
    if (now - since < Math.max(roundTrip, TcpLimits.SIZING_PERIOD)) {
      return;
    }
    // What the peer is offered now it can use in the next round trip but one. While it is in slow
    // start each brings twice the growth of the one before.
    long wanted = 2L * taken + 4L * Math.max(0, taken - before);
    if (mayGrow) {
      limit = (int) Math.clamp(wanted, limit, most);
    }
    before = taken;
    taken = 0;
    since = now;
  }
}
