package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The tail loss probe: where acknowledgements stop to come, one segment goes out, new or the last
 * of the flight once more, so that the answer tells what was lost, instead of a timeout (RFC 8985
 * §7). The names in the comments are the RFC's. Nanoseconds; owned by the cell.
 */
final class TailLossProbe {

  /** RFC 8985 §7.2: the timeout where there is no round-trip time. */
  private static final long WITHOUT_RTT = 1_000_000_000L;

  /** The least retransmission timeout, by default 200 ms, is so many times what peers pause. */
  private static final int PAUSES = 20;

  private boolean out;
  private int end;
  private boolean retransmission;

  /** True if a probe was sent that was not answered: TLP.end_seq is not None. */
  boolean isOut() {
    return out;
  }

  /**
   * TLP_calc_PTO of §7.2, without the bound by the retransmission timeout. The least of these says
   * how long a peer may delay an acknowledgement: TLP.max_ack_delay. Differs from §7.2 in that
   * there is a part of it in every timeout, for what the peer's threads and timers take: round
   * trips of microseconds would end in a probe at each pause (PITFALLS 15); as Linux, with 2 ticks.
   *
   * @param little whether so little is in flight that the peer may delay its acknowledgement
   */
  static long timeout(long smoothedRtt, long minimumTimeout, boolean little) {
    if (smoothedRtt == 0) {
      return WITHOUT_RTT;
    }
    return 2 * smoothedRtt + (little ? minimumTimeout : minimumTimeout / PAUSES);
  }

  /**
   * A probe was sent.
   *
   * @param next SND.NXT after that
   * @param again TLP.is_retrans
   */
  void sent(int next, boolean again) {
    out = true;
    end = next;
    retransmission = again;
  }

  /** Another recovery has begun; what the probe would tell is known. */
  void forget() {
    out = false;
  }

  /** True if a report of a duplicate is the answer to a probe, which was needless then. */
  boolean isAnsweredBy(Delivery delivery) {
    return out && retransmission && delivery.isDuplicate() && delivery.duplicateRight() == end;
  }

  /**
   * TLP_process_ack of §7.4.2.
   *
   * @param plain a duplicate acknowledgement without SACK
   * @return true if the probe has repaired a loss, which nobody else will find
   */
  boolean acknowledged(int acknowledgment, Delivery delivery, boolean plain) {
    if (!out || SequenceNumber.lessThan(acknowledgment, end)) {
      return false;
    }
    if (!retransmission || isAnsweredBy(delivery)) {
      out = false;
      return false;
    }
    if (SequenceNumber.greaterThan(acknowledgment, end)) {
      out = false;
      return true;
    }
    if (plain) {
      // Both have arrived, the original and the probe.
      out = false;
    }
    return false;
  }
}
