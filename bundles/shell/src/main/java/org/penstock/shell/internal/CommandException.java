package org.penstock.shell.internal;

/** A command that could not do what was asked; its message is one line for the user. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a line that names what is wrong and what is allowed. */
  public CommandException(String message) {
    super(message, null, false, false);
  }

  /** The message alone: Gogo shows an exception by this. */
  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
