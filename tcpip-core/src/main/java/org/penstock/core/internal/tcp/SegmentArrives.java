package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * The state machine: what a segment does to a connection (RFC 9293 §3.10.7.3 and §3.10.7.4, in
 * their order; LISTEN and CLOSED are {@link TcpCell}'s, TIME-WAIT is {@link TimeWait}'s). A handler
 * changes the connection and returns what is to be sent; {@link #arrives} has it sent.
 */
final class SegmentArrives {

  /** What is to be sent in answer to a segment. */
  private enum Disposition {
    /** Nothing beyond what the connection has to send anyway. */
    NONE,
    /** An acknowledgement, at the end of the occupation. */
    ACKNOWLEDGE,
    /** An acknowledgement, unless there was one lately (RFC 5961 §7). */
    CHALLENGE,
    /** A reset, made from the segment. */
    RESET,
    /** Our SYN,ACK once more. */
    REPEAT_SYN
  }

  private final TcpCell pcbs;

  SegmentArrives(TcpCell pcbs) {
    this.pcbs = pcbs;
  }

  /** A segment has arrived for a connection. */
  void arrives(Connection connection, Segment segment) {
    long now = pcbs.now();
    Disposition disposition =
        connection.state() == TcpState.SYN_SENT
            ? synSent(connection, segment, now)
            : otherStates(connection, segment, now);
    switch (disposition) {
      case NONE -> {}
      case ACKNOWLEDGE -> connection.receiver().acknowledgeNow();
      case CHALLENGE -> challenge(connection, now);
      case RESET -> pcbs.writer().refuse(segment);
      case REPEAT_SYN -> connection.end().synDue();
    }
  }

  private void challenge(Connection connection, long now) {
    if (connection.mayChallenge(now)) {
      pcbs.count(Counter.TCP_CHALLENGE_ACKS);
      connection.receiver().acknowledgeNow();
    } else {
      pcbs.drop(DropReason.TCP_CHALLENGE_LIMITED);
    }
  }

  // ---- SYN ----

  /** §3.10.7.2, LISTEN, third: a SYN opens a connection. */
  void synInListen(Connection connection, Segment segment) {
    // Differs from §3.10.7.2 in that text on a SYN is not kept: it is not acknowledged, so the peer
    // sends it again (as everybody does without RFC 7413).
    takeSyn(connection, segment);
    connection.sender().synReceived(segment);
    connection.enter(TcpState.SYN_RECEIVED);
    connection.end().synDue();
    connection.sender().timers().armHandshake(pcbs.now());
  }

  /**
   * The acknowledgement of a cookie has come (RFC 4987 §3.6): the connection goes on as if its
   * handshake had been remembered.
   *
   * @param size the peer's segment size
   * @param scale the peer's window scale
   */
  void synInCookie(Connection connection, Segment segment, int size, int scale) {
    long now = pcbs.now();
    connection.timestamps().begin(segment.options().timestampValue(), now);
    connection.receiver().negotiated(connection.options());
    connection.receiver().begin(segment.sequence() - 1);
    connection.sender().negotiated(size, scale, now);
    connection.sender().synForgotten();
    connection.enter(TcpState.SYN_RECEIVED);
    connection.sender().timers().armHandshake(now);
    arrives(connection, segment);
  }

  /** What the peer's SYN says: IRS and options. */
  private void takeSyn(Connection connection, Segment segment) {
    TcpOptions options = segment.options();
    connection.options().negotiate(options);
    connection.ecn().synReceived(segment);
    connection.timestamps().begin(options.timestampValue(), pcbs.now());
    connection.userTimeout().asked(options.userTimeoutSeconds());
    connection.receiver().negotiated(connection.options());
    connection.receiver().begin(segment.sequence());
    int size = options.maximumSegmentSize();
    if (!options.hasMaximumSegmentSize()) {
      boolean ipv4 = connection.remote().address().isIpv4();
      size = ipv4 ? TcpLimits.DEFAULT_SEGMENT_IPV4 : TcpLimits.DEFAULT_SEGMENT_IPV6;
    }
    connection.sender().negotiated(size, options.windowScale(), pcbs.now());
  }

  /** §3.10.7.3. */
  private Disposition synSent(Connection connection, Segment segment, long now) {
    Sender sender = connection.sender();
    boolean acknowledges = segment.has(TcpFlags.ACK);
    // First, the ACK bit: SND.UNA < SEG.ACK =< SND.NXT, which here is one number only.
    if (acknowledges
        && (segment.acknowledgment() != sender.initial() + 1
            || sender.next() != segment.acknowledgment())) {
      pcbs.drop(DropReason.TCP_BAD_ACK);
      return Disposition.RESET;
    }
    // Second, the RST bit.
    if (segment.has(TcpFlags.RST)) {
      if (acknowledges) {
        pcbs.count(Counter.TCP_IN_RESETS);
        pcbs.handshakeFailed(connection, TcpFailure.CONNECTION_REFUSED);
      } else {
        pcbs.drop(DropReason.TCP_BAD_ACK);
      }
      return Disposition.NONE;
    }
    // Fourth, the SYN bit; fifth, neither of the two.
    if (!segment.has(TcpFlags.SYN)) {
      pcbs.drop(DropReason.TCP_OUT_OF_WINDOW);
      return Disposition.NONE;
    }
    takeSyn(connection, segment);
    if (!acknowledges) {
      // Simultaneous open.
      sender.synReceived(segment);
      connection.enter(TcpState.SYN_RECEIVED);
      return Disposition.REPEAT_SYN;
    }
    connection.heard(segment, now);
    segment.trimFront(1);
    established(connection, segment, true, now);
    text(connection, segment, now);
    return Disposition.ACKNOWLEDGE;
  }

  private void established(Connection connection, Segment segment, boolean fromSyn, long now) {
    Sender sender = connection.sender();
    connection.enter(sender.isFinished() ? TcpState.FIN_WAIT_1 : TcpState.ESTABLISHED);
    sender.established(segment, fromSyn, now);
    // RFC 5482 §3.2: after the SYN's once more, on a segment that options are likelier to survive.
    connection.userTimeout().tell();
    connection.armKeepAlive(now);
    connection.end().connected();
  }

  // ---- §3.10.7.4 ----

  private Disposition otherStates(Connection connection, Segment segment, long now) {
    Receiver receiver = connection.receiver();
    if (repeatsSyn(connection, segment)) {
      connection.ecn().synRepeated(segment);
      if (isRecent(connection, segment) && !isOld(connection, segment, now)) {
        connection.timestamps().update(segment.options().timestampValue(), now);
      }
      return Disposition.REPEAT_SYN;
    }
    if (answersSyn(connection, segment)) {
      // Simultaneous open: of the SYN,ACK only the ACK is new.
      segment.trimFront(1);
      receiver.acknowledgeNow();
    }
    // First, timestamps and the sequence number.
    if (isOld(connection, segment, now)) {
      return unacceptable(connection, segment, DropReason.TCP_PAWS);
    }
    if (!isAcceptable(receiver, segment)) {
      return unacceptable(connection, segment, DropReason.TCP_OUT_OF_WINDOW);
    }
    boolean recent = isRecent(connection, segment);
    // Second, the RST bit.
    if (segment.has(TcpFlags.RST)) {
      if (segment.sequence() != receiver.next()) {
        // RFC 5961 §3.2: in the window, but not exactly there.
        return Disposition.CHALLENGE;
      }
      reset(connection);
      return Disposition.NONE;
    }
    if (!trim(receiver, segment)) {
      receiver.acknowledgeNow();
    }
    // Third, security: nothing of it is left. Fourth, the SYN bit.
    if (segment.has(TcpFlags.SYN)) {
      if (connection.state() == TcpState.SYN_RECEIVED && connection.listener() != null) {
        // Back to LISTEN.
        pcbs.handshakeFailed(connection, TcpFailure.CONNECTION_RESET);
        return Disposition.NONE;
      }
      // RFC 5961 §4.2.
      return Disposition.CHALLENGE;
    }
    // Fifth, the ACK field.
    if (!segment.has(TcpFlags.ACK)) {
      pcbs.drop(DropReason.TCP_BAD_ACK);
      return Disposition.NONE;
    }
    connection.heard(segment, now);
    if (connection.state() == TcpState.SYN_RECEIVED) {
      if (segment.acknowledgment() != connection.sender().next()
          || connection.sender().next() == connection.sender().unacknowledged()) {
        pcbs.drop(DropReason.TCP_BAD_ACK);
        return Disposition.RESET;
      }
      Listener listener = connection.listener();
      if (listener != null && listener.isClosed()) {
        pcbs.handshakeFailed(connection, TcpFailure.CONNECTION_REFUSED);
        return Disposition.RESET;
      }
      if (listener != null && !listener.endHandshake()) {
        // As Linux: unanswered. The peer takes itself for connected and we still send our SYN,ACK
        // again; what it answers to that, or sends, may find room.
        pcbs.count(Counter.TCP_LISTEN_OVERFLOWS);
        pcbs.drop(DropReason.TCP_BACKLOG_FULL);
        return Disposition.NONE;
      }
      established(connection, segment, false, now);
    } else if (!acknowledgment(connection, segment, now)) {
      pcbs.drop(DropReason.TCP_BAD_ACK);
      return Disposition.CHALLENGE;
    }
    if (recent) {
      // Differs from RFC 7323 §5.3 R3 in that the ACK field was looked at before: a blind attacker
      // must not set TS.Recent, or all that the peer sends would be old.
      connection.timestamps().update(segment.options().timestampValue(), now);
    }
    if (!connection.isInTables()) {
      return Disposition.NONE;
    }
    connection.userTimeout().asked(segment.options().userTimeoutSeconds());
    // Sixth, the URG bit.
    if (segment.has(TcpFlags.URG) && connection.state().mayReceive()) {
      receiver.urgent(segment.urgentEnd());
    }
    return text(connection, segment, now);
  }

  /** A SYN that we have answered already: the answer was lost. */
  private static boolean repeatsSyn(Connection connection, Segment segment) {
    return connection.state() == TcpState.SYN_RECEIVED
        && segment.has(TcpFlags.SYN)
        && !segment.has(TcpFlags.ACK | TcpFlags.RST)
        && segment.sequence() == connection.receiver().initial();
  }

  /** The peer's SYN once more, with the acknowledgement of ours. */
  private static boolean answersSyn(Connection connection, Segment segment) {
    return connection.state() == TcpState.SYN_RECEIVED
        && segment.has(TcpFlags.SYN)
        && segment.has(TcpFlags.ACK)
        && segment.sequence() == connection.receiver().initial();
  }

  /**
   * RFC 9293 §3.4, the four cases. Differs from them in two points, as Linux does: a segment
   * without text may also stand right behind the window, since a peer that has used it up sends its
   * acknowledgements from there; and one that starts at RCV.NXT is always looked at, so that a
   * window of zero lets acknowledgements and resets in (§3.10.7.4).
   */
  private static boolean isAcceptable(Receiver receiver, Segment segment) {
    int sequence = segment.sequence();
    if (sequence == receiver.next()) {
      return true;
    }
    if (segment.sequenceLength() == 0) {
      return SequenceNumber.between(receiver.next(), sequence, receiver.edge());
    }
    return SequenceNumber.lessThan(sequence, receiver.edge())
        && SequenceNumber.greaterThan(segment.end(), receiver.next());
  }

  /**
   * RFC 7323 §5.3 R1, PAWS: an old duplicate, however well its sequence number fits. Resets are
   * exempt (§5.2).
   *
   * <p>Differs from §3.2 in that a segment is not dropped because it has no timestamps, as Linux
   * does: what strips options on the way must not make a connection hang.
   */
  private static boolean isOld(Connection connection, Segment segment, long now) {
    return connection.options().hasTimestamps()
        && segment.options().hasTimestamps()
        && !segment.has(TcpFlags.RST)
        && connection.timestamps().isOld(segment.options().timestampValue(), now);
  }

  /** RFC 7323 §4.3 (2): TS.Recent is what the oldest unacknowledged segment brings. */
  private static boolean isRecent(Connection connection, Segment segment) {
    return connection.options().hasTimestamps()
        && segment.options().hasTimestamps()
        && SequenceNumber.lessOrEqual(segment.sequence(), connection.receiver().acknowledged());
  }

  private Disposition unacceptable(Connection connection, Segment segment, DropReason why) {
    Receiver receiver = connection.receiver();
    pcbs.drop(why);
    if (segment.has(TcpFlags.RST)) {
      return Disposition.NONE;
    }
    boolean old = SequenceNumber.lessOrEqual(segment.end(), receiver.next());
    if (segment.length() > 0 && old) {
      pcbs.count(Counter.TCP_DUPLICATE_DATA);
      if (!segment.has(TcpFlags.SYN)) {
        receiver.old(segment.sequence(), segment.sequence() + segment.length());
      }
    }
    // What carries text or FIN is sent again until it is acknowledged. Anything else might be the
    // answer to our answer, so it is answered sparingly (RFC 5961 §7).
    boolean repeated = segment.length() > 0 || segment.has(TcpFlags.FIN);
    return repeated && !segment.has(TcpFlags.SYN) ? Disposition.ACKNOWLEDGE : Disposition.CHALLENGE;
  }

  /** Cuts a segment down to the window; false if the peer went beyond it. */
  private static boolean trim(Receiver receiver, Segment segment) {
    int before = receiver.next() - segment.sequence();
    if (before > 0) {
      int known = Math.min(before, segment.length());
      if (known > 0 && !segment.has(TcpFlags.SYN)) {
        receiver.old(segment.sequence(), segment.sequence() + known);
      }
      segment.trimFront(before);
    }
    // A FIN right behind the window takes no room.
    int beyond = segment.sequence() + segment.length() - receiver.edge();
    if (beyond > 0) {
      segment.trimEnd(beyond + (segment.has(TcpFlags.FIN) ? 1 : 0));
    }
    return beyond <= 0;
  }

  private void reset(Connection connection) {
    pcbs.count(Counter.TCP_IN_RESETS);
    switch (connection.state()) {
      // Passively opened: back to LISTEN. Actively, by a simultaneous open: refused.
      case SYN_RECEIVED -> pcbs.handshakeFailed(connection, TcpFailure.CONNECTION_REFUSED);
      case ESTABLISHED, CLOSE_WAIT -> {
        pcbs.count(Counter.TCP_ESTABLISHED_RESETS);
        connection.fail(TcpFailure.CONNECTION_RESET);
      }
      // Also in CLOSING and LAST-ACK, where §3.10.7.4 says nothing to the user: what was sent last
      // may not have arrived.
      default -> connection.fail(TcpFailure.CONNECTION_RESET);
    }
  }

  /** Fifth, the ACK field, from ESTABLISHED on; false if it is not acceptable. */
  private boolean acknowledgment(Connection connection, Segment segment, long now) {
    Sender sender = connection.sender();
    int acknowledgment = segment.acknowledgment();
    // RFC 5961 §5.2: SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT.
    if (SequenceNumber.greaterThan(acknowledgment, sender.highest())
        || sender.unacknowledged() - acknowledgment > sender.window().largest()) {
      return false;
    }
    echoed(connection, segment, now);
    sender.acknowledge(segment, now);
    if (sender.isFinAcknowledged()) {
      switch (connection.state()) {
        case FIN_WAIT_1 -> {
          connection.enter(TcpState.FIN_WAIT_2);
          if (connection.isOrphan()) {
            connection.timers().arm(ConnectionTimers.ORPHAN, now + TcpLimits.ORPHAN_FIN_WAIT);
          }
        }
        case CLOSING -> timeWait(connection);
        case LAST_ACK -> connection.over(TcpState.CLOSED);
        default -> {}
      }
    }
    return true;
  }

  /** RFC 3168 §6.1.2: the peer echoes a congestion mark. */
  private void echoed(Connection connection, Segment segment, long now) {
    if (!connection.ecn().isEcho(segment)) {
      return;
    }
    pcbs.count(Counter.TCP_IN_ECE);
    Sender sender = connection.sender();
    // Not where a loss in the same window has reduced it already.
    if (connection.ecn().isNews(segment.acknowledgment())
        && sender.hasInFlight()
        && sender.recovery().phase() == LossRecovery.Phase.OPEN) {
      pcbs.count(Counter.TCP_ECN_REDUCTIONS);
      boolean least = sender.congestion().window() <= sender.segmentSize();
      sender.congest(CongestionEvent.ECN_ECHO, now);
      if (least) {
        // There is no smaller window: the next segment waits as if this one had been lost.
        sender.transmitter().pause();
      }
    }
  }

  /** Seventh, the text, and eighth, the FIN. */
  private Disposition text(Connection connection, Segment segment, long now) {
    if (segment.sequenceLength() == 0) {
      return Disposition.NONE;
    }
    if (!connection.state().mayReceive()) {
      // The peer has sent its FIN: there can be nothing behind it.
      return Disposition.NONE;
    }
    if (connection.isOrphan() && segment.length() > 0) {
      // RFC 9293 §3.6, RFC 1122 §4.2.2.13: nobody will read it, and the peer must learn of that.
      pcbs.writer().reset(connection);
      connection.vanish();
      return Disposition.NONE;
    }
    if (segment.length() > 0) {
      if (segment.isMarked()) {
        pcbs.count(Counter.TCP_IN_CE);
      }
      if (connection.ecn().received(segment)) {
        connection.receiver().acknowledgeNow();
      }
    }
    if (connection.receiver().take(segment)) {
      fin(connection);
    }
    return Disposition.NONE;
  }

  private void fin(Connection connection) {
    connection.end().released();
    switch (connection.state()) {
      case ESTABLISHED -> connection.enter(TcpState.CLOSE_WAIT);
      case FIN_WAIT_1 -> connection.enter(TcpState.CLOSING);
      case FIN_WAIT_2 -> timeWait(connection);
      default -> {}
    }
  }

  private void timeWait(Connection connection) {
    if (connection.receiver().isAcknowledgementPending()) {
      // At once: the PCB is gone at the end of the occupation, in which the FIN may have come too.
      pcbs.writer().send(connection, connection.sender().next(), 0, TcpFlags.ACK);
    }
    pcbs.timeWait(connection);
  }
}
