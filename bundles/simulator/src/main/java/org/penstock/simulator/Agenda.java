package org.penstock.simulator;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.penstock.api.runtime.StackRuntime;

/**
 * What happens at its virtual time besides the stacks' own affairs: applications that pause, links
 * that fail. Events of one time happen in the order in which they were entered.
 */
final class Agenda {

  private record Event(long at, long order, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Runnable news;
  private long entered;

  /**
   * An empty one.
   *
   * @param news is told of every event that is entered
   */
  Agenda(Runnable news) {
    this.news = news;
  }

  /** Enters an event. */
  void at(long nanos, Runnable what) {
    events.add(new Event(nanos, entered++, what));
    news.run();
  }

  /** When something is next due; {@link StackRuntime#NEVER} if nothing is. */
  long nextDue() {
    Event first = events.peek();
    return first == null ? StackRuntime.NEVER : first.at;
  }

  /** Lets the first event happen if it is due; true if there was one. */
  boolean runFirst(long now) {
    Event first = events.peek();
    if (first == null || first.at > now) {
      return false;
    }
    events.poll();
    first.what.run();
    return true;
  }
}
