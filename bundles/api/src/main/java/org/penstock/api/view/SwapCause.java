package org.penstock.api.view;

/** Who asked for another concurrency strategy. */
public enum SwapCause {
  /** One of a higher ranking came, or the first one for a parked stack. */
  RANKING("ranking"),
  /** The stack's configuration was changed. */
  CONFIGURATION("configuration"),
  /** A person at the shell. */
  COMMAND("command"),
  /** A program that called {@code Stack.swap}. */
  PROGRAM("program"),
  /**
   * The one in force leaves, its bundle being stopped, updated or uninstalled. This alone can't be
   * refused: a partition in which a thread hangs is left closed, and the others go on.
   */
  LEAVING("left");

  private final String word;

  SwapCause(String word) {
    this.word = word;
  }

  /** A word for people. */
  public String word() {
    return word;
  }
}
