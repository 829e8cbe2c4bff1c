package org.penstock.core.internal.tcp;

/**
 * The states of a connection (RFC 9293 §3.3.2). LISTEN is a {@link Listener}'s; TIME-WAIT is a
 * {@link TimeWait}'s.
 *
 * <pre>
 *  CLOSED ──connect─▶ SYN-SENT ──SYN,ACK─▶ ESTABLISHED ──release─▶ FIN-WAIT-1 ──ACK─▶ FIN-WAIT-2
 *     │                  │ SYN                 ▲  │ FIN                │ FIN              │ FIN
 *     │                  ▼                     │  ▼                    ▼                  ▼
 *     └─listener, SYN─▶ SYN-RECEIVED ──ACK─────┘ CLOSE-WAIT          CLOSING ──ACK─▶ TIME-WAIT
 *                                                 │ release
 *                                                 ▼
 *                                              LAST-ACK ──ACK─▶ CLOSED
 * </pre>
 */
enum TcpState {
  CLOSED("CLOSED"),
  SYN_SENT("SYN-SENT"),
  SYN_RECEIVED("SYN-RECEIVED"),
  ESTABLISHED("ESTABLISHED"),
  /** We released; our FIN is queued or sent, and not acknowledged. */
  FIN_WAIT_1("FIN-WAIT-1"),
  /** Our FIN was acknowledged; the peer may go on sending. */
  FIN_WAIT_2("FIN-WAIT-2"),
  /** The peer released; we may go on sending. */
  CLOSE_WAIT("CLOSE-WAIT"),
  /** Both released at the same time; our FIN is not acknowledged. */
  CLOSING("CLOSING"),
  /** The peer released first, then we; our FIN is not acknowledged. */
  LAST_ACK("LAST-ACK"),
  /** Both released, in the PCB's own words: a {@link TimeWait} stands for it in the tables. */
  TIME_WAIT("TIME-WAIT");

  private final String label;

  TcpState(String label) {
    this.label = label;
  }

  /** The name in RFC 9293. */
  String label() {
    return label;
  }

  /** True from the handshake's end to the last segment. */
  boolean isSynchronized() {
    return compareTo(ESTABLISHED) >= 0 && this != TIME_WAIT;
  }

  /** True if segments of data may leave. */
  boolean maySend() {
    return switch (this) {
      case ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> true;
      default -> false;
    };
  }

  /** True if the peer's FIN was not received yet. */
  boolean mayReceive() {
    return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
  }

  /** True in the two states before ESTABLISHED. */
  boolean isHandshake() {
    return this == SYN_SENT || this == SYN_RECEIVED;
  }
}
