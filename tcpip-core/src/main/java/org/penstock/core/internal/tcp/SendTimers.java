package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.view.Counter;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.wire.TcpFlags;

/**
 * The timers of the sending half: retransmission (RFC 6298), persist (RFC 9293 §3.8.6), and when to
 * give up (§3.8.3). Owned by the cell.
 */
final class SendTimers {

  private final Connection connection;
  private final Sender sender;
  private int retries;
  private int probes;
  private int persistBackOff;
  private long progressAt;

  SendTimers(Connection connection, Sender sender) {
    this.connection = connection;
    this.sender = sender;
  }

  /** Something begins to wait for its acknowledgement: the user timeout counts from here. */
  void begin(long now) {
    progressAt = now;
  }

  /** The peer is there, whatever it says. */
  void answered() {
    probes = 0;
    if (sender.window().bytes() == 0) {
      // RFC 9293 §3.8.6.1 (MUST-37): while the peer answers, a window of zero keeps a connection
      // open for ever.
      retries = 0;
    }
  }

  /** True if the retransmission timer has expired since the peer last acknowledged anything. */
  boolean hasRetried() {
    return retries > 0;
  }

  /** The peer has opened its window. */
  void windowOpen() {
    persistBackOff = 0;
  }

  /** The peer has acknowledged something. */
  void progress(long now) {
    retries = 0;
    persistBackOff = 0;
    progressAt = now;
    connection.timers().cancel(ConnectionTimers.PERSIST);
    armRetransmission(now);
  }

  // ---- retransmission ----

  /** RFC 6298 §5.1 to §5.3: on while something is in flight, anew with each advance. */
  void armRetransmission(long now) {
    // What was refused waits to be told; the timer is for the case that nobody tells.
    boolean refused = connection.isBlocked() && sender.isOutstanding();
    if (sender.hasInFlight() || refused) {
      arm(ConnectionTimers.RETRANSMIT, sender.rtt().timeout(), now);
    } else {
      connection.timers().cancel(ConnectionTimers.RETRANSMIT);
      connection.timers().cancel(ConnectionTimers.PROBE);
    }
  }

  /** Starts the retransmission timer unless it runs. */
  void startRetransmission(long now) {
    if (!connection.timers().isArmed(ConnectionTimers.RETRANSMIT)) {
      armRetransmission(now);
    }
  }

  private void arm(int timer, long delay, long now) {
    long deadline = now + delay;
    long userTimeout = connection.userTimeout().nanos();
    if (userTimeout > 0) {
      deadline = Math.clamp(progressAt + userTimeout, now + 1, deadline);
    }
    connection.timers().arm(timer, deadline);
  }

  /** A SYN is on its way, or will be. */
  void armHandshake(long now) {
    arm(ConnectionTimers.RETRANSMIT, sender.rtt().timeout(), now);
  }

  /**
   * The retransmission timer has expired, in SYN-SENT or SYN-RECEIVED.
   *
   * @return true if that is the end; else the timer is set again
   */
  boolean isHandshakeGivenUp(long now, int limit) {
    if (isLate(now, retries, limit)) {
      return true;
    }
    retries++;
    connection.unanswered(retries);
    sender.rtt().backOff();
    armHandshake(now);
    return false;
  }

  /** The retransmission timer has expired, in a synchronized state. */
  void retransmissionTimeout(long now) {
    if (isLate(now, retries, limit())) {
      giveUp();
      return;
    }
    retries++;
    connection.unanswered(retries);
    sender.rtt().backOff();
    if (sender.hasInFlight()) {
      // If not even the last attempt could be sent, this says nothing about the network.
      if (!sender.recovery().isForced()) {
        connection.pcbs().count(Counter.TCP_TIMEOUTS);
        sender.congest(CongestionEvent.TIMEOUT, now);
      }
      sender.recovery().timeout(now);
    }
    connection.unblock();
    connection.flushLater();
    arm(ConnectionTimers.RETRANSMIT, sender.rtt().timeout(), now);
  }

  /** R2, as a number of retransmissions (MUST-21). */
  private int limit() {
    if (connection.isOrphan()) {
      return TcpLimits.ORPHAN_RETRANSMISSIONS;
    }
    int wanted = connection.settings().retransmissions();
    return wanted == 0 ? TcpLimits.RETRANSMISSIONS : wanted;
  }

  /** RFC 9293 §3.8.3: the user's timeout, or else R2. */
  private boolean isLate(long now, int attempts, int limit) {
    long userTimeout = connection.userTimeout().nanos();
    return userTimeout > 0 ? now - progressAt >= userTimeout : attempts >= limit;
  }

  private void giveUp() {
    TcpFailure cause = connection.softError();
    connection.pcbs().writer().reset(connection);
    connection.fail(cause != null ? cause : TcpFailure.TIMED_OUT);
  }

  /** The way is there again, in SYN-SENT or SYN-RECEIVED: the SYN goes out at once. */
  void restoreHandshake(long now) {
    if (!connection.timers().isArmed(ConnectionTimers.RETRANSMIT)) {
      return;
    }
    sender.rtt().forgetBackOff();
    connection.unblock();
    connection.end().synDue();
    armHandshake(now);
  }

  /** The way is there again, in a synchronized state. */
  void restore(long now) {
    // An answer that comes sooner than the former way allowed is not one to the transmission before
    // the last (RFC 8985 §6.2 step 2), but has come a shorter way.
    sender.rtt().forgetMinimum();
    if (!hasRetried()) {
      // What is in flight may have arrived: one probe finds out (RFC 8985 §7), and that only where
      // no acknowledgement comes first.
      sender.recovery().probeSoon(now);
    } else if (sender.hasInFlight()) {
      sender.rtt().forgetBackOff();
      sender.recovery().loseAll();
      connection.flushLater();
    }
    if (now - connection.heardAt() < TcpLimits.INITIAL_RTO) {
      // The peer may be waiting for an acknowledgement that was lost, with a timer of its own.
      connection.receiver().acknowledgeNow();
    }
    if (persistBackOff > 0 && connection.timers().isArmed(ConnectionTimers.PERSIST)) {
      persistBackOff = 0;
      connection.timers().arm(ConnectionTimers.PERSIST, now);
    }
  }

  // ---- persist ----

  /** What waits without anything in flight needs a timer: the peer need not tell of its window. */
  void startPersist(long now) {
    if (sender.hasInFlight()
        || sender.unsentText() <= 0
        || connection.isBlocked()
        || connection.timers().isArmed(ConnectionTimers.PERSIST)) {
      return;
    }
    boolean held = sender.window().bytes() > 0 && !sender.isPushed();
    long delay = held ? TcpLimits.OVERRIDE : sender.rtt().timeout(persistBackOff);
    arm(ConnectionTimers.PERSIST, delay, now);
  }

  /** The persist timer has expired. */
  void persistTimeout(long now) {
    if (sender.hasInFlight() || sender.unsentText() <= 0) {
      return;
    }
    // An orphan's peer may keep a window closed, but not for ever.
    int attempts = connection.isOrphan() ? persistBackOff : probes;
    if (isLate(now, attempts, TcpLimits.PROBES)) {
      giveUp();
      return;
    }
    if (sender.window().bytes() > 0) {
      // RFC 9293 §3.8.6.2.1 (4): the override, for what silly window avoidance or the user held.
      sender.transmitter().sendHeld(now);
      return;
    }
    // RFC 9293 §3.8.6.1: one byte beyond the window, more and more seldom.
    if (connection.pcbs().writer().send(connection, sender.next(), 1, TcpFlags.ACK)) {
      connection.pcbs().count(Counter.TCP_WINDOW_PROBES);
      sender.probed();
      probes++;
      connection.unanswered(probes);
    }
    persistBackOff++;
    arm(ConnectionTimers.PERSIST, sender.rtt().timeout(persistBackOff), now);
  }
}
