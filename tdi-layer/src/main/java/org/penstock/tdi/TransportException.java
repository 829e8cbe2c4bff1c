package org.penstock.tdi;

import java.io.IOException;

/** A request that did not end in {@link Status#SUCCESS}, for the forms that return a result. */
public class TransportException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Status status;

  /** With the status and what it is about, such as {@code connect to 192.0.2.2:80}. */
  public TransportException(Status status, String subject) {
    super(subject + ": " + status.description());
    this.status = status;
  }

  /** How the request ended. */
  public Status status() {
    return status;
  }
}
