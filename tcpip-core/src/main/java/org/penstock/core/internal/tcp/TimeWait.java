package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.core.api.IpSettings;
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
  private final IpSettings ip;
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
    this.ip = connection.settings().ip();
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

  /** What its user asked of IP headers. */
  IpSettings ip() {
    return ip;
  }

  /** RFC 9293 §3.10.7.4, TIME-WAIT. */
  Answer arrives(Segment segment, long now) {
    if (segment.has(TcpFlags.RST)) {
      // RFC 1337 §3: a reset does not end TIME-WAIT.
      return Answer.NONE;
    }
    if (segment.has(TcpFlags.SYN) && !segment.has(TcpFlags.ACK) && isNew(segment, now)) {
      return Answer.REOPEN;
    }
    if (segment.has(TcpFlags.FIN) && segment.end() == receiveNext && !isOld(segment, now)) {
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

  /**
   * True if a SYN can be no old duplicate of the connection that was (RFC 6191 §2): by timestamps
   * where it has them, else by its sequence number, as RFC 1122 §4.2.2.13 allows.
   *
   * <p>Differs from RFC 6191 in that a SYN with timestamps after a connection without is not
   * welcome for them alone, since they prove nothing then; and in that one that is not welcome is
   * answered by an acknowledgement instead of silence (RFC 5961 §4.2).
   */
  private boolean isNew(Segment segment, long now) {
    boolean beyond = SequenceNumber.greaterThan(segment.sequence(), receiveNext);
    if (timestamps == null || !segment.options().hasTimestamps()) {
      return beyond;
    }
    int value = segment.options().timestampValue();
    return !timestamps.isOld(value, now) && (value != timestamps.recent() || beyond);
  }

  /** RFC 7323 §5.3 R1. */
  private boolean isOld(Segment segment, long now) {
    return timestamps != null
        && segment.options().hasTimestamps()
        && timestamps.isOld(segment.options().timestampValue(), now);
  }
}
