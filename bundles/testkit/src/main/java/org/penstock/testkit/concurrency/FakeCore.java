package org.penstock.testkit.concurrency;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.runtime.StackRuntime;

/**
 * What a strategy guards in tests: plain fields that only the thread inside may touch, timers, and
 * an occupancy sentinel that catches a second thread as it comes in. It outlives the instances that
 * take turns in guarding it.
 */
public final class FakeCore {

  private record Timer(long deadlineNanos, long number, Runnable action) {}

  private final StackRuntime runtime;
  private final AtomicLong occupant = new AtomicLong();
  private final Queue<AssertionError> violations = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) ->
          a.deadlineNanos != b.deadlineNanos
              ? Long.compare(a.deadlineNanos, b.deadlineNanos)
              : Long.compare(a.number, b.number));
  private final Deque<Indication> indications = new ArrayDeque<>();
  private @Nullable Runnable atLeave;
  private boolean sentinel = true;
  private long inside;
  private long timerNumber;
  private ExecutionLevel levelOutside = ExecutionLevel.PASSIVE;

  /** Plain, to be changed inside only. */
  public long counter;

  /** Sections and attempts that threw, plain. */
  public int exceptions;

  /** An empty core whose sentinel is on. */
  public FakeCore(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Turns the sentinel off, whose atomic operations would make writes visible that a strategy
   * forgot to publish. Before the core is shared.
   */
  public void withoutSentinel() {
    sentinel = false;
  }

  /** Time and threads. */
  public StackRuntime runtime() {
    return runtime;
  }

  /** What the strategy did wrong so far. */
  public List<AssertionError> violations() {
    return List.copyOf(violations);
  }

  /** Takes note of what the strategy did wrong. */
  public void violated(String what) {
    violations.add(new AssertionError(what + " [thread " + runtime.threadId() + "]"));
  }

  // ---- the occupation

  void enter() {
    long caller = runtime.threadId();
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      violated("entered by a thread that is inside a partition already");
    }
    if (sentinel) {
      long before = occupant.getAndSet(caller);
      if (before != 0) {
        violated("entered while thread " + before + " is inside");
      }
    }
    inside = caller;
    levelOutside = ExecutionLevel.change(ExecutionLevel.CORE);
  }

  @Nullable Indication leave() {
    requireInside("leave");
    Runnable last = atLeave;
    if (last != null) {
      atLeave = null;
      last.run();
    }
    Indication first = null;
    for (Indication i = indications.pollLast(); i != null; i = indications.pollLast()) {
      i.next(first);
      first = i;
    }
    ExecutionLevel.change(levelOutside);
    inside = 0;
    if (sentinel && !occupant.compareAndSet(runtime.threadId(), 0)) {
      violated("left by a thread that is not inside");
    }
    return first;
  }

  /** True if the calling thread is inside. */
  public boolean isInside() {
    return inside == runtime.threadId();
  }

  void requireInside(String what) {
    if (!isInside()) {
      violated(what + " outside of the partition");
    }
  }

  // ---- for what runs inside

  /** Leaves a call to be made after leaving. */
  public void indicate(Runnable call) {
    requireInside("indicate");
    indications.add(
        new Indication() {
          @Override
          protected void indicate() {
            call.run();
          }
        });
  }

  /** Runs something once, at the end of this occupation: what a stack sends then, for one. */
  public void atLeave(Runnable action) {
    requireInside("atLeave");
    atLeave = action;
  }

  /** Sets a timer. */
  public void at(long deadlineNanos, Runnable action) {
    requireInside("at");
    timers.add(new Timer(deadlineNanos, timerNumber++, action));
  }

  long nextDeadline() {
    Timer first = timers.peek();
    return first == null ? StackRuntime.NEVER : first.deadlineNanos;
  }

  int runTimers(int budget) {
    long now = runtime.nanoTime();
    int ran = 0;
    for (Timer first = timers.peek();
        ran < budget && first != null && first.deadlineNanos <= now;
        first = timers.peek()) {
      timers.remove();
      first.action.run();
      ran++;
    }
    return ran;
  }
}
