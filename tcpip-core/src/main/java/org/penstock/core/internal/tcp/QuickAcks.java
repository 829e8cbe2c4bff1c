package org.penstock.core.internal.tcp;

/**
 * When acknowledgements don't wait for company: a few at the start of a connection, after a pause
 * and after disorder, while the peer's congestion window is small and grows by what it hears. They
 * wait all the same where answers go back at once, which carry them. Owned by the cell.
 *
 * <p>RFC 9293 §3.8.6.3 has acknowledgements delayed (SHOULD-18); differs from it for these few, as
 * Linux does.
 */
final class QuickAcks {

  /** How many leave without delay. */
  static final int MOST = 16;

  private int left;
  private boolean heard;
  private boolean conversing;
  private long textAt;

  /**
   * Text has come in order.
   *
   * @param pause after which the peer starts with a small window again, its retransmission timeout
   *     (RFC 5681 §4.1), for which ours stands
   */
  void text(long now, long pause) {
    if (!heard || now - textAt > pause) {
      left = MOST;
    }
    heard = true;
    textAt = now;
  }

  /** Text has come out of order or twice: something was lost, or was thought to be. */
  void disorder() {
    left = MOST;
    conversing = false;
  }

  /** Text leaves: an answer, if it comes before an acknowledgement would have to leave without. */
  void answer(long now, long delay) {
    if (heard && now - textAt < delay) {
      converse();
    }
  }

  /** Question and answer follow one another from now on. */
  void converse() {
    conversing = true;
  }

  /** True if an acknowledgement of text is to leave at once. */
  boolean isDue() {
    return left > 0 && !conversing;
  }

  /** An acknowledgement has left. */
  void sent() {
    left = Math.max(0, left - 1);
  }
}
