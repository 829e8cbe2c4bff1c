package org.penstock.core.internal.tcp;

import org.penstock.core.internal.wire.SequenceNumber;

/**
 * The window that the peer offers: SND.WND, SND.WL1, SND.WL2 of RFC 9293 §3.3.1, in bytes. Owned by
 * the cell.
 */
final class SendWindow {

  private int shift;
  private int bytes;
  private int largest;
  private int sequence;
  private int acknowledgment;

  /** Begins with a closed window. */
  void begin(int initialSend) {
    acknowledgment = initialSend;
  }

  /** How far the peer's window fields are shifted, from the handshake's end on. */
  void shift(int bits) {
    shift = bits;
  }

  /** SND.WND. */
  int bytes() {
    return bytes;
  }

  /** The largest SND.WND there was: MAX.SND.WND. */
  int largest() {
    return largest;
  }

  /** True if a segment names another window than the one in force. */
  boolean differs(Segment segment) {
    return segment.window() << shift != bytes;
  }

  /** Takes the window of a SYN, which is never scaled (RFC 7323 §2.2). */
  void takeSyn(Segment segment) {
    take(segment, 0);
  }

  /** Takes the window of the segment that completes the handshake. */
  void take(Segment segment) {
    take(segment, shift);
  }

  /** Takes the window of an acceptable acknowledgement, unless a newer segment named one. */
  void update(Segment segment) {
    // Differs from RFC 9293 §3.10.7.4, fifth step, which looks at SEG.SEQ before SEG.ACK: text that
    // is sent again has an old number and the newest window, and a window taken with another
    // acknowledgement than its own offers what the peer never did.
    int ahead = segment.acknowledgment() - acknowledgment;
    if (ahead > 0 || (ahead == 0 && SequenceNumber.lessOrEqual(sequence, segment.sequence()))) {
      take(segment, shift);
    }
  }

  private void take(Segment segment, int scale) {
    bytes = segment.window() << scale;
    sequence = segment.sequence();
    acknowledgment = segment.acknowledgment();
    largest = Math.max(largest, bytes);
  }
}
