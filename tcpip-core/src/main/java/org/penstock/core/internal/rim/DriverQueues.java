package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;

/**
 * The driver queues of a stack, and which instance of a strategy drives each: never two at a time.
 * Called under the swap's mutex.
 */
final class DriverQueues {

  private static final long SECOND = 1_000_000_000L;
  private static final long DRIVE_LIMIT = 2 * SECOND;
  private static final long RELEASE_LIMIT = 2 * SECOND;

  /** How much longer than it was asked to a release may take before it counts as hung. */
  private static final long GRACE = SECOND / 2;

  private static final class Driven {
    final String name;
    @Nullable StrategyInstance by;

    Driven(String name) {
      this.name = name;
    }
  }

  private final Rim rim;
  private final StackRuntime runtime;
  private final Map<QueueAgent, Driven> queues = new LinkedHashMap<>();

  DriverQueues(Rim rim) {
    this.rim = rim;
    this.runtime = rim.runtime();
  }

  void drive(QueueAgent agent, String name, Wiring wiring) {
    Driven driven = new Driven(name);
    queues.put(agent, driven);
    String failure = drive(agent, driven, wiring);
    if (failure != null) {
      rim.log(failure, null);
    }
  }

  boolean release(QueueAgent agent, long deadlineNanos) {
    Driven driven = queues.remove(agent);
    return driven == null || release(agent, driven, deadlineNanos) == null;
  }

  /**
   * Moves every queue from one strategy to the next.
   *
   * @return null if that was done, else why not; what was moved so far stays moved
   */
  @Nullable String move(Wiring from, Wiring to) {
    for (Map.Entry<QueueAgent, Driven> entry : queues.entrySet()) {
      Driven driven = entry.getValue();
      String failure = null;
      if (driven.by == from.instance()) {
        failure = release(entry.getKey(), driven, runtime.nanoTime() + RELEASE_LIMIT);
      }
      if (failure == null && driven.by == null) {
        failure = drive(entry.getKey(), driven, to);
      }
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  /**
   * Moves what can be moved; for a strategy that leaves.
   *
   * @return the queues that a thread of the old one is still in
   */
  List<QueueAgent> moveWhatCanBe(Wiring from, Wiring to) {
    List<QueueAgent> left = new ArrayList<>();
    for (Map.Entry<QueueAgent, Driven> entry : queues.entrySet()) {
      Driven driven = entry.getValue();
      String failure = null;
      if (driven.by == from.instance()) {
        failure = release(entry.getKey(), driven, runtime.nanoTime() + RELEASE_LIMIT);
        if (failure != null) {
          left.add(entry.getKey());
        }
      }
      if (failure == null && driven.by == null) {
        failure = drive(entry.getKey(), driven, to);
      }
      if (failure != null) {
        rim.log(failure, null);
      }
    }
    return left;
  }

  /** Tries again to get a queue from an instance that is gone; true if there is no more to do. */
  boolean retry(QueueAgent agent, Wiring from, Wiring to) {
    Driven driven = queues.get(agent);
    if (driven == null || driven.by != from.instance()) {
      return true;
    }
    if (release(agent, driven, runtime.nanoTime()) != null) {
      return false;
    }
    String failure = drive(agent, driven, to);
    rim.log(
        failure == null
            ? "driver queue " + driven.name + " goes on under strategy '" + to.name() + "'"
            : failure,
        null);
    return true;
  }

  private @Nullable String release(QueueAgent agent, Driven driven, long deadlineNanos) {
    StrategyInstance by = driven.by;
    if (by == null) {
      return null;
    }
    BoundedCall.Outcome<Boolean> released =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-release",
            Math.max(deadlineNanos, runtime.nanoTime()) + GRACE,
            () -> by.release(agent, deadlineNanos),
            late -> {});
    if (Boolean.TRUE.equals(released.result())) {
      driven.by = null;
      return null;
    }
    return "driver queue " + driven.name + " was not released" + reason(released);
  }

  private @Nullable String drive(QueueAgent agent, Driven driven, Wiring wiring) {
    BoundedCall.Outcome<Boolean> begun =
        BoundedCall.make(
            runtime,
            "penstock-" + rim.name() + "-drive",
            runtime.nanoTime() + DRIVE_LIMIT,
            () -> {
              wiring.instance().drive(agent, driven.name);
              return true;
            },
            late -> {});
    // It may drive it also where it threw or hangs: it is asked to release it before anybody else.
    driven.by = wiring.instance();
    if (begun.result() != null) {
      return null;
    }
    return "strategy '"
        + wiring.name()
        + "' can't drive the driver queue "
        + driven.name
        + reason(begun);
  }

  private static String reason(BoundedCall.Outcome<?> outcome) {
    if (outcome.thrown() != null) {
      return ": " + outcome.thrown();
    }
    return outcome.isBack() ? " in time" : " in time; the call hangs at\n" + outcome.hangsAt();
  }
}
