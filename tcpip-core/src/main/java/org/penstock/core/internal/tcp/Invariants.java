package org.penstock.core.internal.tcp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must be true of a connection whenever nobody is inside its cell. For tests. */
final class Invariants {

  private Invariants() {}

  /** What is not true; empty. */
  static List<String> of(Connection connection) {
    List<String> wrong = new ArrayList<>();
    if (connection.state() == TcpState.CLOSED || connection.state() == TcpState.TIME_WAIT) {
      wrong.add("is on the active list");
    }
    add(wrong, connection.sender().check());
    add(wrong, connection.receiver().check());
    add(wrong, states(connection));
    add(wrong, timers(connection));
    add(wrong, owner(connection));
    return wrong;
  }

  private static void add(List<String> wrong, @Nullable String problem) {
    if (problem != null) {
      wrong.add(problem);
    }
  }

  private static @Nullable String states(Connection connection) {
    Sender sender = connection.sender();
    TcpState state = connection.state();
    boolean released =
        switch (state) {
          case FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK -> true;
          default -> false;
        };
    if (!state.isHandshake() && released != sender.isFinished()) {
      return "our FIN does not go with the state";
    }
    if (sender.isFinAcknowledged() != (state == TcpState.FIN_WAIT_2)) {
      return "the acknowledgement of our FIN does not go with the state";
    }
    boolean theirs =
        switch (state) {
          case CLOSE_WAIT, CLOSING, LAST_ACK -> true;
          default -> false;
        };
    return theirs != connection.receiver().isFinished()
        ? "the peer's FIN does not go with the state"
        : null;
  }

  private static @Nullable String timers(Connection connection) {
    ConnectionTimers timers = connection.timers();
    Sender sender = connection.sender();
    boolean retransmit = timers.isArmed(ConnectionTimers.RETRANSMIT);
    boolean persist = timers.isArmed(ConnectionTimers.PERSIST);
    if (timers.isAnyArmed() != timers.isArmed()) {
      return "its deadlines are not known to the wheel";
    }
    if (connection.end().isPending()) {
      // The look shares an occupation with work whose end is still to send and to arm.
      return null;
    }
    if (connection.state().isHandshake()) {
      return retransmit ? null : "a handshake without a retransmission timer";
    }
    if (sender.hasInFlight() && !retransmit) {
      return "something is in flight without a retransmission timer";
    }
    boolean paced = timers.isArmed(ConnectionTimers.PACING);
    if (sender.isOutstanding() && !retransmit && !persist && !paced) {
      return "something waits to be sent without a timer";
    }
    Receiver receiver = connection.receiver();
    if (receiver.isAcknowledgementPending()
        && !timers.isArmed(ConnectionTimers.DELAYED_ACK)
        && !connection.isBlocked()) {
      return "something received is not acknowledged, without a timer";
    }
    if (connection.isOrphan()
        && connection.state() == TcpState.FIN_WAIT_2
        && !timers.isArmed(ConnectionTimers.ORPHAN)) {
      return "an orphan waits in FIN-WAIT-2 without a timer";
    }
    return null;
  }

  private static @Nullable String owner(Connection connection) {
    if (connection.isOrphan() && !connection.end().isUnattended()) {
      return "an orphan has a user";
    }
    if (connection.isOrphan() && connection.receiver().held() > 0) {
      return "an orphan holds received bytes";
    }
    return connection.end().isUnattended()
            && !connection.isOrphan()
            && connection.listener() == null
        ? "belongs to nobody"
        : null;
  }
}
