package org.penstock.core.api;

/** A TCP connection or listener that can't be opened. */
public class TcpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TcpFailure failure;

  /** With the failure and what it was about, such as the two addresses. */
  public TcpException(TcpFailure failure, String subject) {
    super(subject + ": " + failure.description());
    this.failure = failure;
  }

  /** Why. */
  public TcpFailure failure() {
    return failure;
  }
}
