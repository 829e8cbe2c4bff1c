package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.AckSample;

/**
 * How fast the network delivers: the samples that model-based congestion control wants
 * (draft-cardwell-iccrg-bbr-congestion-control §4.1, whose names the comments use). Each
 * transmission carries a snapshot of what was delivered when it was sent; its acknowledgement tells
 * what was delivered since, and in what time. Owned by the cell; bytes and nanoseconds.
 */
final class DeliveryRate {

  private long delivered;
  private long deliveredAt;
  private long firstSentAt;
  private long limitedUntil;
  private long roundEnd;

  /** C.delivered. */
  long delivered() {
    return delivered;
  }

  /** Something leaves, new or again. */
  void sent(Scoreboard board, int entry, boolean idle, long now) {
    if (idle) {
      firstSentAt = now;
      deliveredAt = now;
    }
    board.snapshot(entry, delivered, deliveredAt, firstSentAt, limitedUntil != 0);
  }

  /** There is room in the window and nothing to send: what is measured is the application. */
  void applicationLimited(long inFlight) {
    limitedUntil = Math.max(1, delivered + inFlight);
  }

  /**
   * An acknowledgement has delivered something: fills its sample.
   *
   * @param minimumRtt shorter intervals are a matter of compressed acknowledgements, not of the
   *     network
   */
  void acknowledged(Delivery delivery, long minimumRtt, AckSample sample) {
    if (delivery.bytes() == 0 || !delivery.isSampled()) {
      return;
    }
    long now = delivery.now();
    delivered += delivery.bytes();
    deliveredAt = now;
    if (limitedUntil != 0 && delivered > limitedUntil) {
      limitedUntil = 0;
    }
    firstSentAt = delivery.sampleSentAt();
    if (delivery.sampleDelivered() >= roundEnd) {
      roundEnd = delivered;
      sample.roundStart(true);
    }
    long sendElapsed = delivery.sampleSentAt() - delivery.sampleFirstSentAt();
    long ackElapsed = now - delivery.sampleDeliveredAt();
    long interval = Math.max(sendElapsed, ackElapsed);
    if (interval > 0 && (minimumRtt == Long.MAX_VALUE || interval >= minimumRtt)) {
      sample.rate(delivered - delivery.sampleDelivered(), interval, delivery.isSampleLimited());
    }
  }
}
