package org.penstock.concurrency.spinlock;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Which spin lock. */
public enum SpinLockKind {
  /** Reads until the lock looks free, then tries to take it. Whoever is quickest gets it. */
  TEST_AND_TEST_AND_SET("test-and-test-and-set"),
  /** Draws a number and waits until it is called: first come, first served. */
  TICKET("ticket");

  private final String word;

  SpinLockKind(String word) {
    this.word = word;
  }

  /** Its name in configurations. */
  public String word() {
    return word;
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SpinLockKind of(String word) {
    for (SpinLockKind kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "property 'lock' has the value '"
            + word
            + "'; allowed: "
            + Arrays.stream(values()).map(SpinLockKind::word).collect(Collectors.joining(", ")));
  }
}
