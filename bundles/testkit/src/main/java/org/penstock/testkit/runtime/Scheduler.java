package org.penstock.testkit.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.testkit.runtime.SimulatedThread.State;

/**
 * Hands one baton from thread to thread. Everything in here is touched by the thread that has it;
 * the hand-over orders their accesses.
 *
 * <p>Time jumps to the earliest deadline when every thread waits. It also creeps by {@value
 * #STEP_NANOS} ns a call while there is more than one thread, or threads that never wait would keep
 * a deadline from coming.
 */
final class Scheduler {

  private static final long STEP_NANOS = 20;

  /** Calls during which no thread was woken and no deadline came. */
  private static final long STUCK_STEPS = 5_000_000;

  /** Calls between two moments at which every thread waits: they wake each other for nothing. */
  private static final long BUSY_STEPS = 100_000_000;

  /** Calls that a thread may make to come to its end when the simulation is over. */
  private static final int LAST_CALLS = 10_000;

  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int LOOKS = 3_000;

  private final long seed;
  private final SeededRandom random;
  private final int switchOneIn;
  private final ThreadLocal<@Nullable SimulatedThread> currents = new ThreadLocal<>();
  private final List<SimulatedThread> threads = new ArrayList<>();
  private final SimulatedThread main;
  private long lastId;
  private long now;
  private long idleSteps;
  private long busySteps;
  private long earliest = StackRuntime.NEVER;
  private volatile @Nullable Error failure;

  Scheduler(long seed) {
    this.seed = seed;
    this.random = SeededRandom.of(seed, 1);
    // Some seeds switch at every call, some seldom: they find different faults.
    this.switchOneIn = 1 << (2 * random.nextInt(4));
    this.main = new SimulatedThread(this, ++lastId, "main");
    main.real = Thread.currentThread();
    currents.set(main);
    threads.add(main);
  }

  SimulatedThread current() {
    SimulatedThread current = currents.get();
    if (current == null) {
      throw new IllegalStateException(
          "thread "
              + Thread.currentThread().getName()
              + " was not started by this runtime, nor did it make it");
    }
    return current;
  }

  long now() {
    return now;
  }

  // ---- switching points

  /** A place where another thread may go on. */
  void step() {
    SimulatedThread me = current();
    if (failure != null) {
      leave(me);
      return;
    }
    if (threads.size() == 1) {
      return;
    }
    creep();
    if (random.nextInt(switchOneIn) == 0) {
      giveTurn(me);
    }
  }

  /** As {@link #step}, and another one does if there is one. */
  void spin() {
    SimulatedThread me = current();
    throwFailure();
    creep();
    giveTurn(me);
  }

  /**
   * The simulation is over: a thread may still unlock what it has locked. One that catches whatever
   * waiting throws, and goes on for ever, is stopped where it is.
   */
  private void leave(SimulatedThread me) {
    if (me != main && ++me.lastCalls > LAST_CALLS) {
      me.state = State.STOPPED;
      me.turn.drainPermits();
      while (true) {
        me.turn.acquireUninterruptibly();
      }
    }
  }

  private void creep() {
    if (++idleSteps > STUCK_STEPS) {
      fail("livelock: " + STUCK_STEPS + " calls in which nothing happened");
      throwFailure();
    }
    if (++busySteps > BUSY_STEPS) {
      fail("livelock: " + BUSY_STEPS + " calls in which the threads never all waited");
      throwFailure();
    }
    moveTo(now + STEP_NANOS);
  }

  private void giveTurn(SimulatedThread me) {
    SimulatedThread next = pick();
    if (next != null && next != me) {
      handTo(next);
      awaitTurn(me);
    }
  }

  private @Nullable SimulatedThread pick() {
    int runnable = 0;
    for (SimulatedThread thread : threads) {
      if (thread.state == State.RUNNABLE) {
        runnable++;
      }
    }
    int choice = runnable == 0 ? 0 : random.nextInt(runnable);
    for (SimulatedThread thread : threads) {
      if (thread.state == State.RUNNABLE && choice-- == 0) {
        return thread;
      }
    }
    return null;
  }

  private static void handTo(SimulatedThread next) {
    next.turn.release();
  }

  private void awaitTurn(SimulatedThread me) {
    me.turn.acquireUninterruptibly();
    throwFailure();
  }

  // ---- waiting

  /** Waits until woken by that parker, until the deadline, or an interrupt if that matters. */
  void sleep(SimulatedThread me, Object reason, long deadlineNanos, boolean interruptible) {
    throwFailure();
    if (deadlineNanos <= now) {
      return;
    }
    me.deadlineNanos = deadlineNanos;
    earliest = Math.min(earliest, deadlineNanos);
    me.waitsFor = reason;
    me.interruptible = interruptible;
    me.state = State.WAITING;
    SimulatedThread next = pickOrJump();
    if (next == null) {
      fail("deadlock: every thread waits, and none has a deadline");
      throwFailure();
    } else if (next != me) {
      handTo(next);
      awaitTurn(me);
    }
  }

  private @Nullable SimulatedThread pickOrJump() {
    SimulatedThread next = pick();
    while (next == null && earliest != StackRuntime.NEVER) {
      // Of one that was woken before its time nobody is left at its deadline.
      busySteps = 0;
      moveTo(earliest);
      next = pick();
    }
    return next;
  }

  private void moveTo(long time) {
    now = Math.max(now, time);
    if (now < earliest) {
      return;
    }
    earliest = StackRuntime.NEVER;
    for (SimulatedThread thread : threads) {
      if (thread.state == State.WAITING && thread.deadlineNanos <= now) {
        makeRunnable(thread);
      }
      earliest = Math.min(earliest, thread.deadlineNanos);
    }
  }

  private void makeRunnable(SimulatedThread thread) {
    thread.state = State.RUNNABLE;
    thread.deadlineNanos = StackRuntime.NEVER;
    thread.waitsFor = null;
    idleSteps = 0;
  }

  void wake(SimulatedThread thread, Object reason) {
    if (failure == null && thread.state == State.WAITING && thread.waitsFor == reason) {
      makeRunnable(thread);
    }
  }

  void interrupt(SimulatedThread thread) {
    thread.real().interrupt();
    if (failure == null && thread.state == State.WAITING && thread.interruptible) {
      makeRunnable(thread);
    }
    step();
  }

  boolean join(SimulatedThread thread, long deadlineNanos) {
    SimulatedThread me = current();
    step();
    if (thread == me) {
      return false;
    }
    while (thread.state != State.ENDED && now < deadlineNanos && !me.real().isInterrupted()) {
      sleep(me, thread, deadlineNanos, true);
    }
    return thread.state == State.ENDED;
  }

  /** Lets the others run, and time with them, until a moment. */
  void runUntil(long time) {
    SimulatedThread me = current();
    if (threads.size() == 1) {
      moveTo(time);
    }
    while (now < time) {
      sleep(me, this, time, false);
    }
    idleSteps = 0;
  }

  // ---- threads

  SimulatedThread start(String name, Runnable body) {
    current();
    SimulatedThread thread = new SimulatedThread(this, ++lastId, name);
    thread.real = Thread.ofVirtual().name(name).unstarted(() -> runWithBaton(thread, body));
    threads.add(thread);
    idleSteps = 0;
    thread.real().start();
    step();
    return thread;
  }

  private void runWithBaton(SimulatedThread thread, Runnable body) {
    currents.set(thread);
    thread.turn.acquireUninterruptibly();
    try {
      if (failure == null) {
        body.run();
      }
    } catch (SimulationStuckError | SimulationOver e) {
      // Told to the main thread; this one only has to end.
      if (failure == null) {
        throw e;
      }
    } finally {
      end(thread);
    }
  }

  private void end(SimulatedThread thread) {
    thread.state = State.ENDED;
    if (failure != null) {
      // The baton is no more: nothing but this thread's own state may be touched.
      return;
    }
    threads.remove(thread);
    for (SimulatedThread waiting : threads) {
      wake(waiting, thread);
    }
    idleSteps = 0;
    SimulatedThread next = pickOrJump();
    if (next == null) {
      fail("deadlock: every thread waits, and none has a deadline; " + thread.name + " ended");
    } else {
      handTo(next);
    }
  }

  // ---- the end

  /** Ends the simulation: every thread that waits, or comes to a waiting call, throws. */
  private void fail(String what) {
    stop(new SimulationStuckError(what + "\nseed " + seed + ", at " + now + " ns\n" + positions()));
  }

  /** Where every thread is. */
  String positions() {
    StringBuilder text = new StringBuilder();
    for (SimulatedThread thread : threads) {
      text.append(thread.report());
    }
    return text.toString();
  }

  /** The names of the threads that run, but for the main thread's. */
  List<String> names() {
    return threads.stream().filter(thread -> thread != main).map(thread -> thread.name).toList();
  }

  private void stop(Error reason) {
    failure = reason;
    for (SimulatedThread thread : threads) {
      thread.turn.release();
    }
  }

  private void throwFailure() {
    Error reason = failure;
    if (reason != null) {
      leave(current());
      throw reason;
    }
  }

  /** Stops threads that still run; the simulation can't be used afterwards. */
  void close() {
    List<SimulatedThread> left = new ArrayList<>(threads);
    if (failure == null) {
      stop(new SimulationOver());
    }
    for (SimulatedThread thread : left) {
      if (thread != main) {
        awaitEnd(thread);
      }
    }
    currents.remove();
  }

  private static void awaitEnd(SimulatedThread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      int patience = LOOKS;
      while (!thread.real().join(LOOK) && thread.state != State.STOPPED) {
        if (--patience == 0) {
          throw new IllegalStateException("thread " + thread.name + " does not end");
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gets threads out of a simulation that is over. */
  private static final class SimulationOver extends Error {
    private static final long serialVersionUID = 1L;

    SimulationOver() {
      super("the simulation was closed", null, false, false);
    }
  }
}
