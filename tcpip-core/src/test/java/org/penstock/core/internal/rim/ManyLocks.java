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

/** A strategy of some partitions, each guarded by an instance of a strategy of one. */
final class ManyLocks implements ConcurrencyStrategy {

  private final ConcurrencyStrategy single;
  private final int count;

  ManyLocks(int count, ConcurrencyStrategy single) {
    this.count = count;
    this.single = single;
  }

  @Override
  public String name() {
    return "many-locks-" + count;
  }

  @Override
  public int partitions(int cells, int processors) {
    return count;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    List<StrategyInstance> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(single.start(new Part(host, i)));
    }
    return new Parts(parts);
  }

  private record Part(StrategyHost host, int partition) implements StrategyHost {

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

  private record Parts(List<StrategyInstance> parts) implements StrategyInstance {

    @Override
    public Exclusion exclusion(int partition) {
      return parts.get(partition).exclusion(0);
    }

    @Override
    public void open() {
      parts.forEach(StrategyInstance::open);
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      parts.getFirst().drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return parts.getFirst().release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      List<Boolean> closed = new ArrayList<>();
      parts.forEach(part -> closed.add(part.close(deadlineNanos)));
      return !closed.contains(false);
    }

    @Override
    public StrategyStatistics statistics() {
      return parts.getFirst().statistics();
    }
  }
}
