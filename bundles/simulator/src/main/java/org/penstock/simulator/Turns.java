package org.penstock.simulator;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Has what comes to an application from several threads happen one after the other: who finds
 * another at it leaves the rest to that one, and never waits. Needs no lock, see {@link Crew}.
 */
final class Turns {

  private final Deque<Runnable> queue = new ArrayDeque<>();
  private boolean taken;

  void run(Runnable what) {
    queue.add(what);
    if (taken) {
      return;
    }
    taken = true;
    try {
      for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
        next.run();
      }
    } finally {
      taken = false;
    }
  }
}
