package org.penstock.core.api;

/** Why a TCP connection failed or could not be opened. */
public enum TcpFailure {
  /** The peer answered the SYN by a reset. */
  CONNECTION_REFUSED("connection refused by the peer"),
  /** The peer reset the connection. */
  CONNECTION_RESET("connection reset by the peer"),
  /** No acknowledgement came within the limits of retransmission. */
  TIMED_OUT("no answer from the peer in time"),
  /** No route, or an ICMP error that says so. */
  NETWORK_UNREACHABLE("network unreachable"),
  /** The neighbour does not answer, or an ICMP error that says so. */
  HOST_UNREACHABLE("host unreachable"),
  /** An ICMP error that says so. */
  PORT_UNREACHABLE("port or protocol unreachable"),
  /** A connection between the same two addresses and ports exists, TIME-WAIT included. */
  ADDRESS_IN_USE("a connection with the same addresses and ports exists"),
  /** A limit of memory or of connections was reached. */
  NO_RESOURCES("a limit of the stack was reached"),
  /** The stack is stopping. */
  STACK_STOPPED("the stack is stopping");

  private final String description;

  TcpFailure(String description) {
    this.description = description;
  }

  /** The failure in words, for people. */
  public String description() {
    return description;
  }
}
