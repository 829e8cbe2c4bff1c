package org.penstock.core.internal.tcp;

import org.penstock.core.internal.hash.SipHash;

/**
 * How many challenge ACKs a cell may still send in this second (RFC 5961 §7), beside the least time
 * between two of one connection. Owned by the cell.
 *
 * <p>A fixed limit that all connections share lets somebody who does not see a connection find out
 * whether it was challenged, by counting the answers that are left for himself (CVE-2016-5696). So
 * each cell has its own share, nobody outside knows which flows are in one cell, and how large the
 * share is follows in each second from a secret.
 */
final class ChallengeBudget {

  /** Challenge ACKs of a stack in a second, on average. */
  private static final int STACK = 1_000;

  /** The least average of a cell. */
  private static final int LEAST = 16;

  private static final long SECOND = 1_000_000_000L;

  private final SipHash secret;
  private final int cell;
  private final int average;
  private long second = Long.MIN_VALUE;
  private int left;

  /** The budget of one of that many cells. */
  ChallengeBudget(SipHash secret, int cell, int cells) {
    this.secret = secret;
    this.cell = cell;
    this.average = Math.max(LEAST, STACK / cells);
  }

  /** Takes a unit; false if none is left in this second. */
  boolean take(long now) {
    long current = Math.floorDiv(now, SECOND);
    if (current != second) {
      second = current;
      left = share(current);
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  /** Between a half of the average and one and a half. */
  private int share(long of) {
    int spread = (int) Long.remainderUnsigned(secret.hash(cell, of), average + 1);
    return average / 2 + spread;
  }
}
