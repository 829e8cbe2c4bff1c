package org.penstock.service.iperf3;

import java.io.IOException;

/** A test that could not be run to its end. The message is one line and says why. */
public class Iperf3Exception extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public Iperf3Exception(String message) {
    super(message);
  }

  /** With a message for people and the cause. */
  public Iperf3Exception(String message, Throwable cause) {
    super(message, cause);
  }
}
