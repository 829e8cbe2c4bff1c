package org.penstock.netif.fault.internal;

/** What a command could not do; its message is one line for the user. */
final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FaultException(String message) {
    super(message, null, false, false);
  }

  /** The message alone: Gogo shows an exception by this. */
  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
