package org.penstock.testkit.concurrency;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.concurrency.support.AgentThreads;
import org.penstock.api.concurrency.support.DeadlineThread;
import org.penstock.api.concurrency.support.Tally;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;
import org.penstock.api.sync.Mutex;

/** A small strategy that can be told to be wrong: the control that shows that tests can fail. */
final class SimpleLock implements ConcurrencyStrategy {

  /** What is wrong with it. */
  enum Fault {
    /** Only callers take the lock, the receive path does not: the classic. */
    FRAMES_UNLOCKED,
    /** Whoever leaves does not look at the queue again. */
    SECTION_STRANDED,
    /** A signal between the attempt and the sleep is forgotten. */
    SIGNAL_FORGOTTEN,
    /** The thread that keeps deadlines is not told of an earlier one. */
    DEADLINE_NOT_TOLD,
    /** A wait that ends at its deadline leaves its registration behind. */
    NOT_ABANDONED
  }

  private final @Nullable Fault fault;

  SimpleLock(@Nullable Fault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return "simple-lock";
  }

  @Override
  public int partitions(int cells, int processors) {
    return 1;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return new Instance(host, fault);
  }

  private record Sleeper(Parker parker, boolean[] signalled) {}

  private static final class Instance implements StrategyInstance, Exclusion {
    private final StrategyHost host;
    private final @Nullable Fault fault;
    private final StackRuntime runtime;
    private final Partition partition;
    private final Mutex mutex;
    private final MpscQueue<Section> queue = new MpscQueue<>();
    private final DeadlineThread keeper;
    private final DeadlineThread.Seat seat;
    private final AgentThreads readers;
    private final Tally tally;

    Instance(StrategyHost host, @Nullable Fault fault) {
      this.host = host;
      this.fault = fault;
      this.runtime = host.runtime();
      this.partition = host.partition(0);
      this.mutex = new Mutex(runtime);
      this.tally = new Tally(runtime);
      this.readers = new AgentThreads(host);
      this.keeper = new DeadlineThread(host, "timers");
      this.seat = keeper.seat(() -> locked(this::runTimers));
    }

    private boolean has(Fault wanted) {
      return fault == wanted;
    }

    private void runTimers() {
      seat.takeDue();
      partition.runTimers();
    }

    /** One occupation with the queue, then as many as the queue asks for. */
    private void locked(Runnable body) {
      mutex.lock();
      occupy(body);
      drain();
    }

    private void drain() {
      while (!has(Fault.SECTION_STRANDED) && !queue.isEmpty() && mutex.tryLock()) {
        occupy(() -> {});
      }
    }

    private void occupy(Runnable body) {
      tally.enter();
      partition.enter();
      for (Section section = queue.takeAll(); section != null; ) {
        Section next = section.unlink();
        tally.taken();
        if (!partition.run(section)) {
          host.forward(section);
        }
        section = next;
      }
      body.run();
      boolean earlier = seat.announce(partition.nextDeadline());
      Indication chain = partition.leave();
      tally.leave();
      if (mutex.isHeldByCaller()) {
        mutex.unlock();
      }
      if (earlier && !has(Fault.DEADLINE_NOT_TOLD)) {
        keeper.wake();
      }
      if (chain != null) {
        partition.indicate(chain);
      }
    }

    @Override
    public void post(Section section) {
      tally.posted();
      queue.offer(section);
      if (ExecutionLevel.current() == ExecutionLevel.CORE) {
        seat.urge();
      } else if (mutex.tryLock()) {
        occupy(() -> {});
        drain();
      }
    }

    @Override
    public boolean call(Section section) {
      boolean[] ran = new boolean[1];
      locked(() -> ran[0] = partition.run(section));
      return ran[0];
    }

    @Override
    public boolean deliver(Section section) {
      boolean[] ran = new boolean[1];
      Runnable body = () -> ran[0] = partition.run(section);
      if (has(Fault.FRAMES_UNLOCKED)) {
        occupy(body);
      } else {
        locked(body);
      }
      return ran[0];
    }

    @Override
    public Awaited await(Attempt attempt, long deadlineNanos) {
      Sleeper sleeper = new Sleeper(runtime.parker(), new boolean[1]);
      Partition.Attempted[] result = new Partition.Attempted[1];
      while (true) {
        boolean late = runtime.nanoTime() >= deadlineNanos;
        locked(() -> {
          sleeper.signalled[0] = false;
          attempt.sleeper(sleeper);
          result[0] = partition.attempt(attempt);
          if (late && result[0] == Partition.Attempted.NOT_YET && !has(Fault.NOT_ABANDONED)) {
            partition.abandon(attempt);
          }
        });
        if (result[0] != Partition.Attempted.NOT_YET) {
          return result[0] == Partition.Attempted.DONE ? Awaited.DONE : Awaited.MOVED;
        }
        if (late) {
          return Awaited.TIMED_OUT;
        }
        if (has(Fault.SIGNAL_FORGOTTEN)) {
          runtime.spinHint();
          sleeper.signalled[0] = false;
        }
        while (!sleeper.signalled[0] && runtime.nanoTime() < deadlineNanos) {
          sleeper.parker.park(deadlineNanos);
        }
      }
    }

    @Override
    public void signal(Attempt attempt) {
      if (attempt.sleeper() instanceof Sleeper sleeper) {
        sleeper.signalled[0] = true;
        sleeper.parker.unpark();
      }
    }

    @Override
    public Exclusion exclusion(int index) {
      return this;
    }

    @Override
    public void open() {
      keeper.start();
      readers.open();
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      readers.drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return readers.release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      keeper.stop();
      return keeper.join(deadlineNanos) && readers.close(deadlineNanos);
    }

    @Override
    public StrategyStatistics statistics() {
      return tally.statistics();
    }
  }
}
