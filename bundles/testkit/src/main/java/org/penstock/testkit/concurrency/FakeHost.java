package org.penstock.testkit.concurrency;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.StackRuntime;

/** The stack, as one instance of a strategy sees it: one partition over a {@link FakeCore}. */
public final class FakeHost implements StrategyHost {

  /** A failure that the strategy reported. */
  public record Failure(String what, Throwable cause) {}

  private final String stack;
  private final StackRuntime runtime;
  private final FakePartition partition;
  private final Consumer<Section> forward;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  /**
   * A host.
   *
   * @param forward takes the sections that the instance passes on
   */
  public FakeHost(String stack, StackRuntime runtime, FakeCore core, Consumer<Section> forward) {
    this.stack = stack;
    this.runtime = runtime;
    this.partition = new FakePartition(core, 0);
    this.forward = forward;
  }

  @Override
  public String stack() {
    return stack;
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public int partitions() {
    return 1;
  }

  @Override
  public Partition partition(int index) {
    if (index != 0) {
      throw new IllegalArgumentException("partition " + index + ": there is only 0");
    }
    return partition;
  }

  /** The partition, with what only tests do. */
  public FakePartition partition() {
    return partition;
  }

  @Override
  public void forward(Section section) {
    forward.accept(section);
  }

  @Override
  public void failed(String what, Throwable cause) {
    failures.add(new Failure(what, cause));
  }

  /** Failures reported so far. */
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Forgets the failures, which the test expected. */
  public void forgetFailures() {
    failures.clear();
  }
}
