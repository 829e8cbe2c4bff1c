package org.penstock.tdi;

/** The state of a connection endpoint, as its client sees it. */
public enum EndpointState {
  /** No address. */
  IDLE("I"),
  /** Associated and inactive; also after every disconnect. */
  BOUND("B"),
  /** A listen is pending. */
  LISTENING("L"),
  /** An offered connection waits to be accepted or rejected. */
  OFFERED("O"),
  /** A connect is pending. */
  CONNECTING("C"),
  /** Data flows both ways. */
  CONNECTED("D"),
  /** We released our direction. */
  RELEASED("R1"),
  /** The peer released its direction. */
  PEER_RELEASED("R2");

  private final String symbol;

  EndpointState(String symbol) {
    this.symbol = symbol;
  }

  /** Its short name in the state table: I, B, L, O, C, D, R1, R2. */
  public String symbol() {
    return symbol;
  }
}
