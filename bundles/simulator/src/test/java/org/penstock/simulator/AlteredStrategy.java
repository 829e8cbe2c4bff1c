package org.penstock.simulator;

import java.util.HashMap;
import java.util.Map;
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

/** A strategy that does what another does, but for what a test makes wrong about it. */
abstract class AlteredStrategy implements ConcurrencyStrategy {

  private final String name;
  private final ConcurrencyStrategy right;

  AlteredStrategy(String name, ConcurrencyStrategy right) {
    this.name = name;
    this.right = right;
  }

  /** Locks the transport layer's calls, and lets frames in without: what must not work. */
  static ConcurrencyStrategy receivingUnlocked(ConcurrencyStrategy right) {
    return new AlteredStrategy("receiving-unlocked", right) {
      @Override
      Exclusion alter(Exclusion exclusion, Partition partition) {
        return new Altered(exclusion) {
          @Override
          public boolean deliver(Section section) {
            partition.enter();
            boolean ran = partition.run(section);
            partition.nextDeadline();
            Indication chain = partition.leave();
            if (chain != null) {
              partition.indicate(chain);
            }
            return ran;
          }
        };
      }
    };
  }

  /** Drops every third wake-up. */
  static ConcurrencyStrategy forgetful(ConcurrencyStrategy right) {
    return new AlteredStrategy("forgetful", right) {
      @Override
      Exclusion alter(Exclusion exclusion, Partition partition) {
        return new Altered(exclusion) {
          private int signals;

          @Override
          public void signal(Attempt attempt) {
            if (++signals % 3 != 0) {
              super.signal(attempt);
            }
          }
        };
      }
    };
  }

  abstract Exclusion alter(Exclusion exclusion, Partition partition);

  @Override
  public String name() {
    return name;
  }

  @Override
  public int partitions(int cells, int processors) {
    return right.partitions(cells, processors);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return new Instance(right.start(host), host);
  }

  private final class Instance implements StrategyInstance {
    private final StrategyInstance instance;
    private final StrategyHost host;
    private final Map<Integer, Exclusion> altered = new HashMap<>();

    Instance(StrategyInstance instance, StrategyHost host) {
      this.instance = instance;
      this.host = host;
    }

    @Override
    public Exclusion exclusion(int partition) {
      return altered.computeIfAbsent(
          partition, index -> alter(instance.exclusion(index), host.partition(index)));
    }

    @Override
    public void open() {
      instance.open();
    }

    @Override
    public void drive(QueueAgent agent, String queue) {
      instance.drive(agent, queue);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return instance.release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      return instance.close(deadlineNanos);
    }

    @Override
    public StrategyStatistics statistics() {
      return instance.statistics();
    }
  }

  /** Another exclusion, as it is. */
  private static class Altered implements Exclusion {
    private final Exclusion exclusion;

    Altered(Exclusion exclusion) {
      this.exclusion = exclusion;
    }

    @Override
    public void post(Section section) {
      exclusion.post(section);
    }

    @Override
    public boolean call(Section section) {
      return exclusion.call(section);
    }

    @Override
    public boolean deliver(Section section) {
      return exclusion.deliver(section);
    }

    @Override
    public Awaited await(Attempt attempt, long deadlineNanos) {
      return exclusion.await(attempt, deadlineNanos);
    }

    @Override
    public void signal(Attempt attempt) {
      exclusion.signal(attempt);
    }
  }
}
