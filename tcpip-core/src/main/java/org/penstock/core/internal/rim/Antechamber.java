package org.penstock.core.internal.rim;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;

/**
 * Where sections and threads wait for a cell that nobody may enter: because a thread of an earlier
 * strategy hangs in it, or because a strategy that could not open is being taken back.
 */
final class Antechamber {

  private final StackRuntime runtime;
  private final MpscQueue<Section> waiting = new MpscQueue<>();
  private final ConcurrentLinkedQueue<Parker> sleepers = new ConcurrentLinkedQueue<>();
  private volatile boolean open;

  Antechamber(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Keeps a section until the cell may be entered. False if it may, and the section was not kept.
   */
  boolean keep(Section section, Consumer<Section> andThen) {
    if (open) {
      return false;
    }
    waiting.offer(section);
    if (open) {
      // Whoever opened it may have looked before us.
      empty(andThen);
    }
    return true;
  }

  /**
   * Waits until the cell may be entered.
   *
   * @return false if the thread is interrupted
   */
  boolean await(long deadlineNanos) {
    Parker parker = runtime.parker();
    sleepers.add(parker);
    try {
      return open || parker.park(deadlineNanos);
    } finally {
      sleepers.remove(parker);
    }
  }

  /** Waits until the cell may be entered; may return early. An interrupt does not end the wait. */
  void awaitOpen() {
    Parker parker = runtime.parker();
    sleepers.add(parker);
    try {
      if (!open) {
        parker.parkUninterruptibly(StackRuntime.NEVER);
      }
    } finally {
      sleepers.remove(parker);
    }
  }

  /**
   * Says that the cell may be entered: what waits is given out, in order, and who waits goes on.
   */
  void open(Consumer<Section> andThen) {
    // Before and after: what came first goes first, and what came meanwhile is not left behind.
    empty(andThen);
    open = true;
    empty(andThen);
    wakeAll();
  }

  void wakeAll() {
    for (Parker parker : sleepers) {
      parker.unpark();
    }
  }

  private void empty(Consumer<Section> andThen) {
    for (Section section = waiting.takeAll(); section != null; ) {
      Section following = section.unlink();
      andThen.accept(section);
      section = following;
    }
  }
}
