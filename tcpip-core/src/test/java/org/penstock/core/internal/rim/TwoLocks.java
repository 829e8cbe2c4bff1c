package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.List;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;

/** A strategy of two partitions, each guarded by an instance of a strategy of one. */
final class TwoLocks implements ConcurrencyStrategy {

  private final ConcurrencyStrategy single;

  TwoLocks(ConcurrencyStrategy single) {
    this.single = single;
  }

  @Override
  public String name() {
    return "two-locks";
  }

  @Override
  public int partitions(int cells, int processors) {
    return 2;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return new Pair(single.start(new Half(host, 0)), single.start(new Half(host, 1)));
  }

  private record Half(StrategyHost host, int partition) implements StrategyHost {

    @Override
    public String stack() {
      return host.stack();
    }

    @Override
    public StackRuntime runtime() {
      return host.runtime();
    }

    @Override
    public int partitions() {
      return 1;
    }

    @Override
    public Partition partition(int index) {
      return host.partition(partition);
    }

    @Override
    public void forward(Section section) {
      host.forward(section);
    }

    @Override
    public void failed(String what, Throwable cause) {
      host.failed(what, cause);
    }
  }

  private record Pair(List<StrategyInstance> halves) implements StrategyInstance {

    Pair(StrategyInstance first, StrategyInstance second) {
      this(List.of(first, second));
    }

    @Override
    public Exclusion exclusion(int partition) {
      return halves.get(partition).exclusion(0);
    }

    @Override
    public void open() {
      halves.forEach(StrategyInstance::open);
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      halves.getFirst().drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return halves.getFirst().release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      List<Boolean> closed = new ArrayList<>();
      halves.forEach(half -> closed.add(half.close(deadlineNanos)));
      return !closed.contains(false);
    }

    @Override
    public StrategyStatistics statistics() {
      return halves.getFirst().statistics();
    }
  }
}
