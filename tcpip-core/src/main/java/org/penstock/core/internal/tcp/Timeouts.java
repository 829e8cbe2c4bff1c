package org.penstock.core.internal.tcp;

import org.penstock.api.view.Counter;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.wire.TcpFlags;

/** What happens when a timer of a connection expires (RFC 9293 §3.10.8). Inside the cell. */
final class Timeouts {

  private Timeouts() {}

  static void expired(Connection connection, int kind, long now) {
    if (!connection.isInTables()) {
      return;
    }
    switch (kind) {
      case ConnectionTimers.REORDERING -> connection.sender().recovery().reorderingTimeout(now);
      case ConnectionTimers.PROBE -> connection.sender().recovery().probeTimeout(now);
      case ConnectionTimers.RETRANSMIT -> {
        if (connection.state().isHandshake()) {
          handshake(connection, now);
        } else {
          connection.sender().timers().retransmissionTimeout(now);
        }
      }
      case ConnectionTimers.PERSIST -> connection.sender().timers().persistTimeout(now);
      case ConnectionTimers.DELAYED_ACK -> {
        connection.pcbs().count(Counter.TCP_DELAYED_ACKS);
        connection.receiver().acknowledgeNow();
      }
      case ConnectionTimers.KEEP_ALIVE -> keepAlive(connection, now);
      case ConnectionTimers.PACING -> connection.flushLater();
      case ConnectionTimers.ORPHAN -> orphan(connection);
      default -> connection.end().acknowledged(0);
    }
  }

  private static void handshake(Connection connection, long now) {
    Listener listener = connection.listener();
    if (listener != null && listener.isClosed()) {
      connection.pcbs().writer().reset(connection);
      connection.pcbs().handshakeFailed(connection, TcpFailure.CONNECTION_REFUSED);
      return;
    }
    int limit =
        listener == null ? TcpLimits.SYN_RETRANSMISSIONS : TcpLimits.SYN_ACK_RETRANSMISSIONS;
    if (connection.sender().timers().isHandshakeGivenUp(now, limit)) {
      TcpFailure cause = connection.softError();
      connection.pcbs().handshakeFailed(connection, cause != null ? cause : TcpFailure.TIMED_OUT);
      return;
    }
    if (connection.state() == TcpState.SYN_SENT) {
      connection.ecn().withdraw();
    }
    connection.unblock();
    connection.end().synDue();
  }

  private static void keepAlive(Connection connection, long now) {
    long idle = connection.settings().keepAliveNanos();
    if (idle == 0) {
      return;
    }
    long due = connection.heardAt() + idle;
    ConnectionTimers timers = connection.timers();
    if (now < due || connection.sender().isOutstanding()) {
      // Heard of it meanwhile; or the retransmission timer sees to it that we do.
      timers.arm(ConnectionTimers.KEEP_ALIVE, now < due ? due : now + idle);
      return;
    }
    int probes = connection.settings().keepAliveProbes();
    if (connection.probeKeepAlive() >= (probes == 0 ? TcpLimits.KEEP_ALIVE_PROBES : probes)) {
      connection.pcbs().writer().reset(connection);
      connection.fail(TcpFailure.TIMED_OUT);
      return;
    }
    // RFC 9293 §3.8.4: a sequence number that was acknowledged already makes the peer answer.
    connection.pcbs().writer().send(connection, connection.sender().next() - 1, 0, TcpFlags.ACK);
    long interval = connection.settings().keepAliveIntervalNanos();
    long wait = interval == 0 ? Math.min(idle, TcpLimits.KEEP_ALIVE_INTERVAL) : interval;
    timers.arm(ConnectionTimers.KEEP_ALIVE, now + wait);
  }

  private static void orphan(Connection connection) {
    if (connection.state() != TcpState.FIN_WAIT_2) {
      // It has lingered as long as its user allowed, and the peer must not take what came for all.
      connection.pcbs().writer().reset(connection);
    }
    connection.vanish();
  }
}
