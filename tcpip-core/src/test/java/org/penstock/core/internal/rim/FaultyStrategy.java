package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;

/** A good strategy, but for one call. */
final class FaultyStrategy implements ConcurrencyStrategy {

  /** The call. */
  enum At {
    NAME,
    PARTITIONS,
    START,
    EXCLUSION,
    OPEN,
    OPENED,
    DRIVE,
    RELEASE,
    CLOSE,
    STATISTICS
  }

  /** What is wrong with it. */
  enum How {
    THROWS,
    HANGS
  }

  private final ConcurrencyStrategy good;
  private final At at;
  private final How how;
  private final StackRuntime runtime;

  FaultyStrategy(ConcurrencyStrategy good, At at, How how, StackRuntime runtime) {
    this.good = good;
    this.at = at;
    this.how = how;
    this.runtime = runtime;
  }

  private void reached(At here) {
    if (here != at) {
      return;
    }
    if (how == How.THROWS) {
      throw new IllegalStateException("no such luck");
    }
    while (true) {
      runtime.parker().parkUninterruptibly(runtime.nanoTime() + SwapBench.SECOND);
    }
  }

  @Override
  public String name() {
    reached(At.NAME);
    return "faulty";
  }

  @Override
  public int partitions(int cells, int processors) {
    reached(At.PARTITIONS);
    return good.partitions(cells, processors);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    reached(At.START);
    return new Instance(good.start(host));
  }

  private final class Instance implements StrategyInstance {
    private final StrategyInstance inner;

    Instance(StrategyInstance inner) {
      this.inner = inner;
    }

    @Override
    public Exclusion exclusion(int partition) {
      reached(At.EXCLUSION);
      return inner.exclusion(partition);
    }

    @Override
    public void open() {
      reached(At.OPEN);
      inner.open();
      reached(At.OPENED);
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      reached(At.DRIVE);
      inner.drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      reached(At.RELEASE);
      return inner.release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      reached(At.CLOSE);
      return inner.close(deadlineNanos);
    }

    @Override
    public StrategyStatistics statistics() {
      reached(At.STATISTICS);
      return inner.statistics();
    }
  }
}
