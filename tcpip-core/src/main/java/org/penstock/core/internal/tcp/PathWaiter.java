package org.penstock.core.internal.tcp;

import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.ip.TransmitWaiter;

/** Waits for a way that was refused: the driver's queue, the driver, the neighbour's address. */
final class PathWaiter extends TransmitWaiter {

  private final Connection connection;

  PathWaiter(Connection connection) {
    this.connection = connection;
  }

  @Override
  protected void transmitReady() {
    if (connection.isInTables()) {
      connection.unblock();
      // What was backed off while nothing could be sent says nothing about the network; what waits
      // to be sent again goes at once.
      connection.sender().rtt().forgetBackOff();
      connection.flushLater();
    }
  }

  @Override
  protected void transmitFailed() {
    if (!connection.isInTables()) {
      return;
    }
    connection.unblock();
    switch (connection.state()) {
      case SYN_SENT -> connection.fail(TcpFailure.HOST_UNREACHABLE);
      case SYN_RECEIVED ->
          connection.pcbs().handshakeFailed(connection, TcpFailure.HOST_UNREACHABLE);
      // RFC 1122 §4.2.3.9: a soft error. The retransmission timer goes on, and decides.
      // What is not acknowledged the peer sends again, if it is still there.
      default -> {
        connection.softError(TcpFailure.HOST_UNREACHABLE);
        connection.receiver().acknowledgementLost();
      }
    }
  }
}
