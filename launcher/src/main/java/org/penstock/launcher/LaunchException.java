package org.penstock.launcher;

/** The container can't be started; the message says in one line why and what to do. */
public final class LaunchException extends Exception {

  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
