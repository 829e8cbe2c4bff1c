package org.penstock.testkit.concurrency;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/** One instance's side of a {@link FakeCore}, checked at every step. */
public final class FakePartition implements Partition {

  /** Timers of one occupation: few, so that tests see strategies come back for the rest. */
  private static final int TIMERS = 4;

  private final FakeCore core;
  private final int index;
  private final Map<Long, Deque<Indication>> indicating;
  private ExecutionLevel levelOutside = ExecutionLevel.PASSIVE;
  private boolean idle;
  private volatile boolean retired;
  private volatile boolean left;

  /**
   * A partition.
   *
   * @param indicating what each thread has to call yet; all partitions of an instance have the same
   */
  FakePartition(FakeCore core, int index, Map<Long, Deque<Indication>> indicating) {
    this.core = core;
    this.index = index;
    this.indicating = indicating;
  }

  /** Retires it, inside. */
  public void retire() {
    core.requireInside("retire");
    retired = true;
  }

  /** Retires it while nobody can be inside. */
  public void retireUnopened() {
    retired = true;
    left = true;
  }

  /**
   * True once it is retired and the occupation that did it has ended: only then may another
   * instance enter the core. From any thread.
   */
  public boolean wasRetired() {
    return left;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public void enter() {
    // The core is another instance's now; what is done here touches nothing of it.
    idle = retired;
    if (idle) {
      levelOutside = ExecutionLevel.change(ExecutionLevel.CORE);
    } else {
      core.enter();
    }
  }

  private void requireInside(String what) {
    if (!idle) {
      core.requireInside(what);
    } else if (ExecutionLevel.current() != ExecutionLevel.CORE) {
      core.violated(what + " outside of the retired partition");
    }
  }

  @Override
  public boolean run(Section section) {
    requireInside("run");
    if (retired) {
      return false;
    }
    try {
      section.execute();
    } catch (RuntimeException e) {
      core.exceptions++;
    }
    return true;
  }

  @Override
  public Attempted attempt(Attempt attempt) {
    requireInside("attempt");
    if (retired) {
      return Attempted.MOVED;
    }
    return attempt.execute() ? Attempted.DONE : Attempted.NOT_YET;
  }

  @Override
  public void abandon(Attempt attempt) {
    requireInside("abandon");
    attempt.executeAbandon();
  }

  @Override
  public int runTimers() {
    requireInside("runTimers");
    return retired ? 0 : core.runTimers(TIMERS);
  }

  @Override
  public long nextDeadline() {
    requireInside("nextDeadline");
    return retired ? StackRuntime.NEVER : core.nextDeadline();
  }

  @Override
  public boolean isRetired() {
    requireInside("isRetired");
    return retired;
  }

  @Override
  public @Nullable Indication leave() {
    requireInside("leave");
    if (idle) {
      ExecutionLevel.change(levelOutside);
      return null;
    }
    Indication chain = core.leave();
    left = retired;
    return chain;
  }

  @Override
  public void indicate(Indication chain) {
    if (ExecutionLevel.current() == ExecutionLevel.CORE) {
      core.violated("indications inside of a partition");
    }
    long thread = core.runtime().threadId();
    Deque<Indication> outer = indicating.get(thread);
    Deque<Indication> calls = outer == null ? new ArrayDeque<>() : outer;
    for (Indication call = chain; call != null; call = call.next()) {
      calls.add(call);
    }
    if (outer != null) {
      return;
    }
    indicating.put(thread, calls);
    ExecutionLevel before = ExecutionLevel.change(ExecutionLevel.DISPATCH);
    try {
      for (Indication call = calls.poll(); call != null; call = calls.poll()) {
        execute(call);
      }
    } finally {
      ExecutionLevel.change(before);
      indicating.remove(thread);
    }
  }

  private void execute(Indication call) {
    try {
      call.execute();
    } catch (RuntimeException e) {
      // As the contract says: the handler's fault, nobody else's.
    }
  }
}
