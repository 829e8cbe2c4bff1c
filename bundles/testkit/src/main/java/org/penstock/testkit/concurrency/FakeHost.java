package org.penstock.testkit.concurrency;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.runtime.StackRuntime;

/** The stack, as one instance of a strategy sees it: each partition over a {@link FakeCore}. */
public final class FakeHost implements StrategyHost {

  /** A failure that the strategy reported. */
  public record Failure(String what, Throwable cause) {}

  private final String stack;
  private final StackRuntime runtime;
  private final List<FakePartition> partitions = new ArrayList<>();
  private final Consumer<Section> forward;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  /**
   * A host.
   *
   * @param cores what each partition guards
   * @param forward takes the sections that the instance passes on
   */
  public FakeHost(
      String stack, StackRuntime runtime, List<FakeCore> cores, Consumer<Section> forward) {
    this.stack = stack;
    this.runtime = runtime;
    this.forward = forward;
    Map<Long, Deque<Indication>> indicating = new ConcurrentHashMap<>();
    for (int i = 0; i < cores.size(); i++) {
      partitions.add(new FakePartition(cores.get(i), i, indicating));
    }
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
    return partitions.size();
  }

  @Override
  public FakePartition partition(int index) {
    return partitions.get(index);
  }

  /** The first partition. */
  public FakePartition partition() {
    return partition(0);
  }

  /** Retires by fence sections what is not retired yet. */
  public void retire(BiConsumer<Integer, Section> post) {
    for (FakePartition partition : partitions) {
      if (!partition.wasRetired()) {
        post.accept(partition.index(), StrategyBench.section(partition.index(), partition::retire));
      }
    }
  }

  /** True once all partitions are retired and were left. */
  public boolean wasRetired() {
    return partitions.stream().allMatch(FakePartition::wasRetired);
  }

  /** Retires everything while nobody can be inside. */
  public void retireUnopened() {
    partitions.forEach(FakePartition::retireUnopened);
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
