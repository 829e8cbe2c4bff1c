package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * What is left of a connection in TIME-WAIT (RFC 9293 §3.6.1): small, and in the table in its
 * place. It holds a reference on the port. Owned by the cell.
 */
final class TimeWait extends FlowEntry {

  /** What is to be done about a segment. */
  enum Answer {
    NONE,
    ACKNOWLEDGE,
    /** Acknowledge, and wait for 2 MSL once more. */
    RESTART,
    /** It opens the connection anew, if anybody listens. */
    REOPEN
  }

  private final int sendNext;
  private final int receiveNext;
  private final int windowField;
  private final @Nullable Timestamps timestamps;
  private long answerAt;
  long deadline;
  @Nullable TimeWait next;
  @Nullable TimeWait previous;

  TimeWait(Connection connection) {
    super(
        connection.localHigh(),
        connection.localLow(),
        connection.remoteHigh(),
        connection.remoteLow(),
        connection.ports(),
        connection.scope());
    this.sendNext = connection.sender().next();
    this.receiveNext = connection.receiver().next();
    this.windowField = connection.receiver().windowField();
    this.timestamps = connection.options().hasTimestamps() ? connection.timestamps() : null;
  }

  /** SND.NXT. */
  int sendNext() {
    return sendNext;
  }

  /** RCV.NXT. */
  int receiveNext() {
    return receiveNext;
  }

  /** What stands in the window field. */
  int windowField() {
    return windowField;
  }

  /** The connection's timestamps, null if it had none. */
  @Nullable Timestamps timestamps() {
    return timestamps;
  }

  /** RFC 9293 §3.10.7.4, TIME-WAIT. */
  Answer arrives(Segment segment, long now) {
    if (segment.has(TcpFlags.RST)) {
      // RFC 1337 §3: a reset does not end TIME-WAIT.
      return Answer.NONE;
    }
    if (segment.has(TcpFlags.SYN)
        && !segment.has(TcpFlags.ACK)
        && SequenceNumber.greaterThan(segment.sequence(), receiveNext)) {
      // RFC 1122 §4.2.2.13, RFC 6191: a SYN beyond what the peer used is no old duplicate.
      return Answer.REOPEN;
    }
    if (segment.has(TcpFlags.FIN) && segment.end() == receiveNext) {
      return Answer.RESTART;
    }
    if (segment.sequence() == receiveNext && segment.sequenceLength() == 0) {
      // The acknowledgement of our FIN once more: to answer it would make two of them talk for
      // ever.
      return Answer.NONE;
    }
    if (now < answerAt) {
      return Answer.NONE;
    }
    answerAt = now + TcpLimits.CHALLENGE_INTERVAL;
    return Answer.ACKNOWLEDGE;
  }
}
