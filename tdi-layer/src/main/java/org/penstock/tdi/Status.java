package org.penstock.tdi;

/** How a request ended. */
public enum Status {
  /** Done as asked. */
  SUCCESS("done"),
  /** Not completed yet. */
  PENDING("not completed yet"),
  /** An argument that no object of this kind takes. */
  INVALID_PARAMETER("a parameter is not valid"),
  /** The object was closed. */
  INVALID_HANDLE("the object was closed"),
  /** A request that this kind of object does not take. */
  INVALID_DEVICE_REQUEST("this kind of object does not take the request"),
  /** A request that the object does not take in its state. */
  INVALID_DEVICE_STATE("the object does not take the request in its state"),
  /** A destination that nothing can be sent to. */
  INVALID_ADDRESS("nothing can be sent to this address"),
  /** The address is open in another share mode. */
  SHARING_VIOLATION("the address is open in another share mode"),
  /** The address is open exclusively, or a connection between the same two addresses exists. */
  ADDRESS_ALREADY_EXISTS("the address is in use"),
  /** No port is free, or the client has opened as many addresses as it may. */
  TOO_MANY_ADDRESSES("no further address can be opened"),
  /** A limit of memory, of objects or of a queue. */
  INSUFFICIENT_RESOURCES("a limit was reached"),
  /** The endpoint has an address file already. */
  ADDRESS_ALREADY_ASSOCIATED("the endpoint is associated with an address file already"),
  /** The endpoint has no address file. */
  ADDRESS_NOT_ASSOCIATED("the endpoint is not associated with an address file"),
  /** The endpoint is connecting or connected. */
  CONNECTION_ACTIVE("the endpoint has a connection or waits for one"),
  /** The endpoint has no connection, or none that takes the request. */
  INVALID_CONNECTION("the endpoint has no connection that takes the request"),
  /** No route, or a router said so. */
  NETWORK_UNREACHABLE("network unreachable"),
  /** The neighbour does not answer, or a router said so. */
  HOST_UNREACHABLE("host unreachable"),
  /** The peer has no such port or protocol. */
  PORT_UNREACHABLE("port or protocol unreachable"),
  /** The peer answered by a reset. */
  CONNECTION_REFUSED("connection refused by the peer"),
  /** The peer reset the connection. */
  CONNECTION_RESET("connection reset by the peer"),
  /** Another request, a disconnect, ended this one. */
  REQUEST_ABORTED("the connection was aborted by this side"),
  /** No answer within the time allowed. */
  IO_TIMEOUT("no answer in time"),
  /** Cancelled, or its object was closed. */
  CANCELLED("cancelled"),
  /** A send that must not wait found no room. */
  DEVICE_NOT_READY("there is no room to send at this moment"),
  /** The buffer was too short: it holds the beginning, the rest is lost. */
  BUFFER_OVERFLOW("the buffer was too short"),
  /** An action or information that this transport does not know. */
  NOT_IMPLEMENTED("not implemented");

  private final String description;

  Status(String description) {
    this.description = description;
  }

  /** The status in words, for people. */
  public String description() {
    return description;
  }
}
