package org.penstock.core.internal.tcp;

/**
 * Forward RTO recovery: whether a timeout was spurious is told by the two acknowledgements that
 * follow it, if new data is sent in between and not what counts as lost (RFC 5682 §2.1, and §3.1
 * with selective acknowledgements). Owned by the cell.
 */
final class ForwardRto {

  private static final int SEGMENTS = 2;

  private enum Step {
    /** Nothing to find out: conventional recovery. */
    NONE,
    /** The first segment was sent again; its acknowledgement is waited for. */
    FIRST,
    /** New segments are sent; what they bring decides. */
    SECOND
  }

  private Step step = Step.NONE;
  private int segments;
  private boolean sent;

  /** The first timeout of what is in flight: step 1. */
  void begin() {
    step = Step.FIRST;
  }

  /** Conventional recovery from now on. */
  void stop() {
    step = Step.NONE;
  }

  /** True if new data goes before what counts as lost. */
  boolean isForward() {
    return step == Step.SECOND;
  }

  /** True if another new segment may go in step 2. */
  boolean maySend() {
    return segments > 0;
  }

  /** A new segment was sent. */
  void sent() {
    segments--;
    sent = true;
  }

  /** True if in step 2 something was sent; else there was nothing to send, and it is over. */
  boolean hasSent() {
    return sent;
  }

  /**
   * An acknowledgement that leaves something to recover.
   *
   * @param advanced whether SND.UNA has moved
   * @param duplicate whether it is a duplicate in the sense of RFC 5681 §2
   * @return true if the timeout was spurious
   */
  boolean acknowledged(Delivery delivery, boolean advanced, boolean duplicate, boolean selective) {
    if (step == Step.FIRST) {
      if (advanced) {
        // Step 2b.
        step = Step.SECOND;
        segments = SEGMENTS;
        sent = false;
      } else if (duplicate && !selective) {
        // Step 2a. With SACK it says something of other segments only, and the wait goes on.
        step = Step.NONE;
      }
      return false;
    }
    if (step != Step.SECOND) {
      return false;
    }
    // Step 3b: something has arrived that was sent before the timeout, and not again. Without SACK
    // an acknowledgement that is also one of a retransmission proves nothing.
    if (delivery.isOriginalBeforePoint() && (selective || !delivery.isRetransmitted())) {
      step = Step.NONE;
      return true;
    }
    if (selective ? delivery.selective() > 0 : duplicate) {
      // Step 3a: what was sent last has arrived, and nothing of what was sent before.
      step = Step.NONE;
    }
    return false;
  }
}
