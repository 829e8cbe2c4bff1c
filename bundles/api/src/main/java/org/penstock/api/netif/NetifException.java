package org.penstock.api.netif;

/** A device that can't be used. The message says which, why, and what to do about it. */
public class NetifException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public NetifException(String message) {
    super(message);
  }

  /** With a message for people and the cause. */
  public NetifException(String message, Throwable cause) {
    super(message, cause);
  }
}
