package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * What one acknowledgement has delivered, cumulatively or selectively: gathered entry by entry from
 * the {@link Scoreboard}, read by everything that learns from it. One object a cell; owned by it.
 */
final class Delivery {

  private long now;
  private long minimumRtt;
  private int forwardMost;
  private int recoveryPoint;

  private long bytes;
  private boolean original;
  private boolean originalBeforePoint;
  private boolean retransmitted;
  private boolean reordered;
  private long originalSentAt;
  private int highest;

  private long cumulative;
  private boolean duplicate;
  private int duplicateLeft;
  private int duplicateRight;

  private boolean recent;
  private long recentSentAt;
  private int recentEnd;

  private boolean sampled;
  private long sampleSentAt;
  private int sampleEnd;
  private long sampleDelivered;
  private long sampleDeliveredAt;
  private long sampleFirstSentAt;
  private boolean sampleLimited;

  /**
   * Begins with nothing.
   *
   * @param minimumRtt what comes back sooner was not sent by the last transmission
   * @param forwardMost behind the highest sequence number that was delivered before
   * @param recoveryPoint where the recovery that goes on will end
   */
  void begin(long time, long minimumRtt, int forwardMost, int recoveryPoint) {
    this.now = time;
    this.minimumRtt = minimumRtt;
    this.forwardMost = forwardMost;
    this.recoveryPoint = recoveryPoint;
    bytes = 0;
    cumulative = 0;
    duplicate = false;
    original = false;
    originalBeforePoint = false;
    retransmitted = false;
    reordered = false;
    recent = false;
    sampled = false;
    highest = forwardMost;
  }

  /** An entry has arrived at the peer that was not known to. */
  void add(Scoreboard board, int entry) {
    bytes += board.length(entry);
    int end = board.to(entry);
    long sentAt = board.sentAt(entry);
    highest = SequenceNumber.max(highest, end);
    if (board.isRetransmitted(entry)) {
      retransmitted = true;
    } else {
      originalSentAt = original ? Math.max(originalSentAt, sentAt) : sentAt;
      original = true;
      originalBeforePoint |= SequenceNumber.lessOrEqual(end, recoveryPoint);
      // RFC 8985 §6.2 step 3.
      reordered |= SequenceNumber.lessThan(end, forwardMost);
    }
    // RFC 8985 §6.2 step 2: sooner than a round trip it is the answer to an earlier transmission.
    boolean earlier = board.isRetransmitted(entry) && now - sentAt < minimumRtt;
    if (!earlier && (!recent || isSentAfter(sentAt, end, recentSentAt, recentEnd))) {
      recent = true;
      recentSentAt = sentAt;
      recentEnd = end;
    }
    if (!sampled || isSentAfter(sentAt, end, sampleSentAt, sampleEnd)) {
      sampled = true;
      sampleSentAt = sentAt;
      sampleEnd = end;
      sampleDelivered = board.delivered(entry);
      sampleDeliveredAt = board.deliveredAt(entry);
      sampleFirstSentAt = board.firstSentAt(entry);
      sampleLimited = board.isApplicationLimited(entry);
    }
  }

  /** What SND.UNA has advanced over is complete; what follows was acknowledged selectively. */
  void endOfCumulative() {
    cumulative = bytes;
  }

  /** The peer has received a range twice (RFC 2883). */
  void duplicate(int left, int right) {
    duplicate = true;
    duplicateLeft = left;
    duplicateRight = right;
  }

  /** RACK_sent_after of RFC 8985 §6.2: sequence numbers decide what was sent at the same time. */
  static boolean isSentAfter(long firstAt, int firstEnd, long secondAt, int secondEnd) {
    return firstAt > secondAt
        || (firstAt == secondAt && SequenceNumber.greaterThan(firstEnd, secondEnd));
  }

  long now() {
    return now;
  }

  /** Sequence numbers delivered: DeliveredData of RFC 9937 §6. */
  long bytes() {
    return bytes;
  }

  /** Of those, what was delivered selectively. */
  long selective() {
    return bytes - cumulative;
  }

  /** True if the peer has received a range twice. */
  boolean isDuplicate() {
    return duplicate;
  }

  int duplicateLeft() {
    return duplicateLeft;
  }

  /** Behind the last sequence number of that range. */
  int duplicateRight() {
    return duplicateRight;
  }

  /** True if something was delivered that was sent once. */
  boolean isOriginal() {
    return original;
  }

  /** True if something was delivered that was sent once, and before the recovery that goes on. */
  boolean isOriginalBeforePoint() {
    return originalBeforePoint;
  }

  /** True if something was delivered that was sent more than once. */
  boolean isRetransmitted() {
    return retransmitted;
  }

  /** True if something was delivered, sent once, after what was sent behind it. */
  boolean isReordered() {
    return reordered;
  }

  /** Behind the highest sequence number delivered so far. */
  int highest() {
    return highest;
  }

  /** The round-trip time of what was sent last and once, 0 if there is nothing such (Karn). */
  long rtt() {
    return original ? Math.max(1, now - originalSentAt) : 0;
  }

  /** True if {@link #recentSentAt} and {@link #recentEnd} say anything. */
  boolean isRecent() {
    return recent;
  }

  /** When the entry was sent that was sent last, of those delivered. */
  long recentSentAt() {
    return recentSentAt;
  }

  /** Where that entry ends. */
  int recentEnd() {
    return recentEnd;
  }

  /** True if there is a delivery-rate snapshot, of the entry that was sent last. */
  boolean isSampled() {
    return sampled;
  }

  /** P.sent_time. */
  long sampleSentAt() {
    return sampleSentAt;
  }

  /** P.delivered. */
  long sampleDelivered() {
    return sampleDelivered;
  }

  /** P.delivered_time. */
  long sampleDeliveredAt() {
    return sampleDeliveredAt;
  }

  /** P.first_sent_time. */
  long sampleFirstSentAt() {
    return sampleFirstSentAt;
  }

  /** P.is_app_limited. */
  boolean isSampleLimited() {
    return sampleLimited;
  }
}
