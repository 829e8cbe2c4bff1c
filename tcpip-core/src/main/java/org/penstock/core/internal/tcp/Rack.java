package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * Recent acknowledgment: what was sent before something that has arrived, and is not there a
 * reordering window later, is lost (RFC 8985 §6). The names are the RFC's.
 *
 * <p>Works for super-segments as for segments: their parts were sent at the same time, and then the
 * sequence number decides which was sent first. Times in nanoseconds; owned by the cell.
 */
final class Rack {

  /** DupThresh: with that many segments selectively acknowledged, order is not waited for. */
  static final int THRESHOLD = 3;

  /** Recoveries without a D-SACK until the window is the least one again. */
  private static final int PERSIST = 16;

  private boolean known;
  private long sentAt;
  private int end;
  private long rtt;
  private int forwardMost;
  private boolean reorderingSeen;
  private int multiplier = 1;
  private int persist;
  private boolean inRound;
  private int roundEnd;

  /** Begins with the initial sequence number. */
  void begin(int initial) {
    forwardMost = initial;
  }

  /** RACK.fack: behind the highest sequence number that was delivered. */
  int forwardMost() {
    return forwardMost;
  }

  /** RACK.reordering_seen. */
  boolean isReorderingSeen() {
    return reorderingSeen;
  }

  /** RACK.reo_wnd_mult. */
  int multiplier() {
    return multiplier;
  }

  /** The network reorders, as others have found. */
  void reordering() {
    reorderingSeen = true;
  }

  /** §6.2 steps 2 and 3: what an acknowledgement has delivered. */
  void delivered(Delivery delivery) {
    forwardMost = SequenceNumber.max(forwardMost, delivery.highest());
    reorderingSeen |= delivery.isReordered();
    if (delivery.isRecent()
        && (!known
            || Delivery.isSentAfter(delivery.recentSentAt(), delivery.recentEnd(), sentAt, end))) {
      known = true;
      sentAt = delivery.recentSentAt();
      end = delivery.recentEnd();
      rtt = Math.max(1, delivery.now() - sentAt);
    }
  }

  /**
   * §6.2 step 4: something was sent again that had arrived; once a round trip the window grows.
   *
   * @param unacknowledged SND.UNA
   * @param next SND.NXT
   */
  void duplicate(int unacknowledged, int next) {
    if (inRound && SequenceNumber.lessThan(unacknowledged, roundEnd)) {
      return;
    }
    inRound = true;
    roundEnd = next;
    // The window is never more than a smoothed round-trip time, however much it is multiplied.
    multiplier = Math.min(multiplier + 1, 0xff);
    persist = PERSIST;
  }

  /** §6.2 step 4: a recovery has ended. */
  void recovered() {
    if (persist > 0 && --persist == 0) {
      multiplier = 1;
    }
  }

  /**
   * §6.2 step 4: RACK.reo_wnd.
   *
   * @param times knows RACK.min_RTT (step 1) and SRTT
   */
  long reorderingWindow(boolean recovering, int sackedSegments, RttEstimator times) {
    if (!reorderingSeen && (recovering || sackedSegments >= THRESHOLD)) {
      return 0;
    }
    long minimum = times.minimum();
    return minimum == Long.MAX_VALUE ? 0 : Math.min(multiplier * (minimum / 4), times.smoothed());
  }

  /**
   * §6.2 step 5, RACK_detect_loss.
   *
   * @return after what time to look again, 0 if there is no need to
   */
  long detectLoss(Scoreboard board, long window, long now) {
    if (!known) {
      return 0;
    }
    long timeout = 0;
    int entry = board.oldest();
    while (entry != Scoreboard.NONE && board.sentAt(entry) <= sentAt) {
      int later = board.later(entry);
      if (Delivery.isSentAfter(sentAt, end, board.sentAt(entry), board.to(entry))) {
        long left = board.sentAt(entry) + rtt + window - now;
        if (left <= 0) {
          board.lose(entry);
        } else {
          timeout = Math.max(timeout, left);
        }
      }
      entry = later;
    }
    return timeout;
  }

  /** §6.3, RACK_mark_losses_on_RTO: the first segment, and what is older than a round trip. */
  void timeout(Scoreboard board, int segmentSize, long window, long now) {
    board.loseFirst(segmentSize);
    int entry = board.oldest();
    while (entry != Scoreboard.NONE && board.sentAt(entry) + rtt + window - now <= 0) {
      int later = board.later(entry);
      board.lose(entry);
      entry = later;
    }
  }
}
