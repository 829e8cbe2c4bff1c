package org.penstock.netif.capture.internal;

/** What the command could not do; its message is one line for the user. */
final class CaptureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CaptureException(String message) {
    super(message, null, false, false);
  }

  /** The message alone: Gogo shows an exception by this. */
  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
