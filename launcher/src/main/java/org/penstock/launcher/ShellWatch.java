package org.penstock.launcher;

import org.jspecify.annotations.Nullable;

/**
 * Knows when the shell has ended without ending the framework. Felix's does so where its terminal
 * fails: an interrupt (Ctrl-C) also hits the program by which it sets up the terminal, if one runs
 * at that moment. Nobody could end Penstock from the terminal then. Not thread-safe.
 */
final class ShellWatch {

  /** Looks that find no shell before it counts as ended: its bundle may be updated meanwhile. */
  private static final int PATIENCE = 4;

  private final String name;
  private @Nullable Thread shell;
  private int missed;

  /**
   * A watch on a thread.
   *
   * @param name of the shell's thread
   */
  ShellWatch(String name) {
    this.name = name;
  }

  /** Looks for the shell; true if it was there and has been gone for some looks. */
  boolean hasEnded() {
    Thread seen = shell;
    if (seen != null && seen.isAlive()) {
      missed = 0;
      return false;
    }
    Thread found =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(name))
            .findAny()
            .orElse(null);
    if (found != null) {
      shell = found;
      missed = 0;
    } else if (seen != null) {
      missed++;
    }
    return missed >= PATIENCE;
  }
}
