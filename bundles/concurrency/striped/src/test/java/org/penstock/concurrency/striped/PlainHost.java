package org.penstock.concurrency.striped;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.StackRuntime;

/** A stack of several partitions that run sections and one timer each, and nothing else. */
final class PlainHost implements StrategyHost {

  private final StackRuntime runtime;
  private final List<Plain> partitions;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  PlainHost(StackRuntime runtime, int partitions) {
    this.runtime = runtime;
    this.partitions = IntStream.range(0, partitions).mapToObj(i -> new Plain(i, runtime)).toList();
  }

  /** One of them; its fields belong to who is inside. */
  static final class Plain implements Partition {
    private final int index;
    private final StackRuntime runtime;
    private boolean retired;
    private long deadline = StackRuntime.NEVER;
    private Runnable timer = () -> {};

    Plain(int index, StackRuntime runtime) {
      this.index = index;
      this.runtime = runtime;
    }

    void retire() {
      retired = true;
    }

    void at(long deadlineNanos, Runnable action) {
      deadline = deadlineNanos;
      timer = action;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public void enter() {
      ExecutionLevel.change(ExecutionLevel.CORE);
    }

    @Override
    public boolean run(Section section) {
      if (!retired) {
        section.execute();
      }
      return !retired;
    }

    @Override
    public Attempted attempt(Attempt attempt) {
      throw new UnsupportedOperationException("nobody waits here");
    }

    @Override
    public void abandon(Attempt attempt) {
      throw new UnsupportedOperationException("nobody waits here");
    }

    @Override
    public int runTimers() {
      if (deadline > runtime.nanoTime()) {
        return 0;
      }
      deadline = StackRuntime.NEVER;
      timer.run();
      return 1;
    }

    @Override
    public long nextDeadline() {
      return deadline;
    }

    @Override
    public boolean isRetired() {
      return retired;
    }

    @Override
    public @Nullable Indication leave() {
      ExecutionLevel.change(ExecutionLevel.PASSIVE);
      return null;
    }

    @Override
    public void indicate(Indication chain) {
      throw new UnsupportedOperationException("no call is left here");
    }
  }

  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  @Override
  public String stack() {
    return "plain";
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public int partitions() {
    return partitions.size();
  }

  @Override
  public Plain partition(int index) {
    return partitions.get(index);
  }

  @Override
  public void forward(Section section) {
    failures.add(new AssertionError("nothing is to be passed on here"));
  }

  @Override
  public void failed(String what, Throwable cause) {
    failures.add(new AssertionError(what, cause));
  }
}
