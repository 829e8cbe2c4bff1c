package org.penstock.core.internal.tcp;

import org.penstock.core.api.EcnUse;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * Explicit congestion notification of a connection (RFC 3168 §6.1): routers mark packets instead of
 * dropping them, the receiver of a mark echoes it (ECE) until the sender says that it has reduced
 * its window (CWR). Owned by the cell.
 */
final class Ecn {

  /** The codepoint of packets that are not to be marked. */
  static final int NOT_ECT = 0;

  /** The codepoint of packets that may be marked instead of dropped: ECT(0). */
  static final int ECT = 2;

  /** The codepoint of packets that were marked. */
  static final int CE = 3;

  /** Both bits: an ECN-setup SYN. */
  private static final int SETUP = TcpFlags.ECE | TcpFlags.CWR;

  private final boolean granting;
  private final boolean asking;
  private boolean withdrawn;
  private boolean capable;
  private boolean echoing;
  private boolean reduced;
  private boolean reducing;
  private int reducedAt;

  Ecn(EcnUse use) {
    asking = use == EcnUse.ON;
    granting = use != EcnUse.OFF;
  }

  // ---- the handshake: §6.1.1 ----

  /** The flags of our SYN. */
  int flagsOfSyn() {
    return asking && !withdrawn ? SETUP : 0;
  }

  /** The flags of our SYN,ACK: ECE alone, so that what merely copies the bits is found out. */
  int flagsOfSynAck() {
    return capable ? TcpFlags.ECE : 0;
  }

  /**
   * §6.1.1.1: our SYN was perhaps lost for its bits, so it is sent again without them. From then on
   * nothing we send is ECT, but if the peer grants what the first one asked for, marks are echoed.
   */
  void withdraw() {
    withdrawn = true;
  }

  /** The peer's SYN has come, or its SYN,ACK. */
  void synReceived(Segment segment) {
    capable =
        segment.has(TcpFlags.ACK)
            ? asking && segment.has(TcpFlags.ECE) && !segment.has(TcpFlags.CWR)
            : granting && isSetup(segment);
  }

  /** The peer's SYN has come again: after one without the bits nothing is marked. */
  void synRepeated(Segment segment) {
    capable &= isSetup(segment);
  }

  /** The handshake was one by a cookie, which says that we have granted it. */
  void restore() {
    capable = granting;
  }

  private static boolean isSetup(Segment segment) {
    return segment.has(TcpFlags.ECE) && segment.has(TcpFlags.CWR);
  }

  /** True if both sides can do it. */
  boolean isCapable() {
    return capable;
  }

  // ---- receiving: §6.1.3 ----

  /**
   * Text has come that lies in the window (§6.1.5).
   *
   * @return true if that begins an echo, which should not wait
   */
  boolean received(Segment segment) {
    if (!capable) {
      return false;
    }
    if (segment.has(TcpFlags.CWR)) {
      echoing = false;
    }
    if (!segment.isMarked() || echoing) {
      return false;
    }
    echoing = true;
    return true;
  }

  /** What every acknowledgement carries. */
  int flagsOfAck() {
    return echoing ? TcpFlags.ECE : 0;
  }

  // ---- sending: §6.1.2 ----

  /**
   * The codepoint of new text. Nothing else is ECT: not what is sent again, nor probes (§6.1.5).
   */
  int codepointOfText() {
    return capable && !withdrawn ? ECT : NOT_ECT;
  }

  /** True if an acknowledgement echoes a mark: it does not open the window. */
  boolean isEcho(Segment segment) {
    return capable && segment.has(TcpFlags.ECE);
  }

  /** True if the echo of an acknowledgement is news: once for each window of text. */
  boolean isNews(int acknowledgment) {
    return capable && (!reducing || SequenceNumber.greaterThan(acknowledgment, reducedAt));
  }

  /** The window was reduced, for whatever reason, with that SND.NXT: the peer is to know. */
  void reduced(int next) {
    reduced = capable;
    reducing = true;
    reducedAt = next;
  }

  /** True if the next new text is to carry CWR. */
  boolean isCwrDue() {
    return reduced;
  }

  /** CWR has left. */
  void cwrSent() {
    reduced = false;
  }
}
