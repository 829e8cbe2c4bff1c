package org.penstock.tdi.internal;

import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.UdpPort;
import org.penstock.tdi.Status;

/** What the core's outcomes are called here. */
final class Statuses {

  private Statuses() {}

  static Status of(TcpFailure failure) {
    return switch (failure) {
      case CONNECTION_REFUSED -> Status.CONNECTION_REFUSED;
      case CONNECTION_RESET -> Status.CONNECTION_RESET;
      case TIMED_OUT -> Status.IO_TIMEOUT;
      case NETWORK_UNREACHABLE -> Status.NETWORK_UNREACHABLE;
      case HOST_UNREACHABLE -> Status.HOST_UNREACHABLE;
      case PORT_UNREACHABLE -> Status.PORT_UNREACHABLE;
      case ADDRESS_IN_USE -> Status.ADDRESS_ALREADY_EXISTS;
      case NO_RESOURCES -> Status.INSUFFICIENT_RESOURCES;
      case STACK_STOPPED -> Status.REQUEST_ABORTED;
    };
  }

  static Status of(UdpPort.Sent sent) {
    return switch (sent) {
      case SENT -> Status.SUCCESS;
      case DROPPED -> Status.INSUFFICIENT_RESOURCES;
      case UNREACHABLE -> Status.NETWORK_UNREACHABLE;
      case TOO_BIG -> Status.INVALID_PARAMETER;
      case INVALID_ADDRESS -> Status.INVALID_ADDRESS;
    };
  }
}
