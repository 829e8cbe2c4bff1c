package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.QueueAgent;

/** A right strategy of one partition with one fault: what shows that the tests can fail. */
final class WrongStrategy implements ConcurrencyStrategy {

  /** What is wrong. */
  enum Fault {
    /** Only what the transport layer calls takes the lock; frames come in without. */
    FRAMES_UNLOCKED,
    /** Nobody is woken. */
    WAKE_UPS_DROPPED
  }

  private final ConcurrencyStrategy right;
  private final Fault fault;

  WrongStrategy(ConcurrencyStrategy right, Fault fault) {
    this.right = right;
    this.fault = fault;
  }

  @Override
  public String name() {
    return "wrong";
  }

  @Override
  public int partitions(int cells, int processors) {
    return 1;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    StrategyInstance inner = right.start(host);
    return new Instance(inner, new WrongExclusion(inner.exclusion(0), host.partition(0), fault));
  }

  private record Instance(StrategyInstance inner, Exclusion wrong) implements StrategyInstance {

    @Override
    public Exclusion exclusion(int partition) {
      return wrong;
    }

    @Override
    public void open() {
      inner.open();
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      inner.drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return inner.release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      return inner.close(deadlineNanos);
    }

    @Override
    public StrategyStatistics statistics() {
      return inner.statistics();
    }
  }

  private record WrongExclusion(Exclusion right, Partition partition, Fault fault)
      implements Exclusion {

    @Override
    public void post(Section section) {
      right.post(section);
    }

    @Override
    public boolean call(Section section) {
      return right.call(section);
    }

    @Override
    public boolean deliver(Section section) {
      if (fault != Fault.FRAMES_UNLOCKED) {
        return right.deliver(section);
      }
      partition.enter();
      boolean ran = partition.run(section);
      partition.nextDeadline();
      Indication chain = partition.leave();
      if (chain != null) {
        partition.indicate(chain);
      }
      return ran;
    }

    @Override
    public Awaited await(Attempt attempt, long deadlineNanos) {
      return right.await(attempt, deadlineNanos);
    }

    @Override
    public void signal(Attempt attempt) {
      if (fault != Fault.WAKE_UPS_DROPPED) {
        right.signal(attempt);
      }
    }
  }
}
