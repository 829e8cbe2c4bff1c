package org.penstock.testkit.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * An instance of a strategy over a {@link FakeCore} for each partition, and the threads that a test
 * sends at it. Where no partition is named, the first is meant. {@link #close} ends both and says
 * what went wrong on the way.
 */
public final class StrategyBench implements AutoCloseable {

  /** How long a test waits for what must happen: only a defect takes so long. */
  public static final long PATIENCE_NANOS = 60_000_000_000L;

  /** Cells of the stack, so that there are at most as many partitions. */
  public static final int CELLS = 4;

  private static final long LOOK_NANOS = 1_000_000L;

  private final RecordingRuntime runtime;
  private final Runnable settle;
  private final List<FakeCore> cores = new ArrayList<>();
  private final FakeHost host;
  private final StrategyInstance instance;
  private final Queue<Section> forwarded = new ConcurrentLinkedQueue<>();
  private final List<RuntimeThread> threads = new ArrayList<>();
  private boolean opened;
  private boolean closed;

  /**
   * Starts an instance, closed.
   *
   * @param settle what a strategy without threads needs to get on
   */
  public StrategyBench(ConcurrencyStrategy strategy, StackRuntime runtime, Runnable settle) {
    this.runtime = new RecordingRuntime(runtime);
    this.settle = settle;
    int partitions = strategy.partitions(CELLS, runtime.processors());
    for (int i = 0; i < partitions; i++) {
      cores.add(new FakeCore(this.runtime));
    }
    this.host = new FakeHost("bench", this.runtime, cores, forwarded::add);
    this.instance = strategy.start(host);
  }

  /** Opens the instance. */
  public StrategyBench open() {
    opened = true;
    instance.open();
    return this;
  }

  /** What is guarded. */
  public FakeCore core() {
    return core(0);
  }

  /** What a partition guards. */
  public FakeCore core(int partition) {
    return cores.get(partition);
  }

  /** How many partitions there are. */
  public int partitions() {
    return cores.size();
  }

  /** The stack as the instance sees it. */
  public FakeHost host() {
    return host;
  }

  /** The instance. */
  public StrategyInstance instance() {
    return instance;
  }

  /** The way in. */
  public Exclusion exclusion() {
    return exclusion(0);
  }

  /** The way into a partition. */
  public Exclusion exclusion(int partition) {
    return instance.exclusion(partition);
  }

  /** Time and threads. */
  public RecordingRuntime runtime() {
    return runtime;
  }

  /** Sections that the instance passed on, in order. */
  public List<Section> forwarded() {
    return List.copyOf(forwarded);
  }

  /** A condition that this instance signals. */
  public Tokens tokens() {
    return tokens(0);
  }

  /** A condition inside a partition. */
  public Tokens tokens(int partition) {
    return new Tokens(core(partition), () -> exclusion(partition));
  }

  /** A section that runs the given body. */
  public static Section section(Runnable body) {
    return section(0, body);
  }

  /** A section for a partition that runs the given body. */
  public static Section section(int partition, Runnable body) {
    return new Section(partition) {
      @Override
      protected void run() {
        body.run();
      }
    };
  }

  /** Posts a body. */
  public void post(Runnable body) {
    post(0, body);
  }

  /** Posts a body to a partition. */
  public void post(int partition, Runnable body) {
    exclusion(partition).post(section(partition, body));
  }

  /** Runs a body inside and returns when it has run; false if the partition is retired. */
  public boolean call(Runnable body) {
    return call(0, body);
  }

  /** Runs a body inside a partition and returns when it has run; false if that is retired. */
  public boolean call(int partition, Runnable body) {
    return exclusion(partition).call(section(partition, body));
  }

  /** Offers a body to a partition as the stack does with frames: on this thread, else by post. */
  public void deliver(int partition, Runnable body) {
    Section section = section(partition, body);
    if (!exclusion(partition).deliver(section)) {
      exclusion(partition).post(section);
    }
  }

  /** So many nanoseconds from now. */
  public long in(long nanos) {
    return runtime.nanoTime() + nanos;
  }

  /** When a test gives up. */
  public long patience() {
    return in(PATIENCE_NANOS);
  }

  /** Lets a strategy without threads get on. */
  public void settle() {
    settle.run();
  }

  /** Waits until something holds that may be looked at from outside. */
  public void until(String what, BooleanSupplier holds) {
    long deadline = patience();
    Parker parker = runtime.parker();
    settle();
    while (!holds.getAsBoolean()) {
      if (runtime.nanoTime() >= deadline) {
        throw new AssertionError(
            "still not so: "
                + what
                + "\nthreads:\n"
                + String.join("\n", runtime.alive())
                + "\nfailures: "
                + host.failures()
                + "\nviolations: "
                + violations());
      }
      parker.parkUninterruptibly(runtime.nanoTime() + LOOK_NANOS);
      settle();
    }
  }

  /** Starts a thread of the test's. */
  public RuntimeThread thread(String name, Runnable body) {
    RuntimeThread thread = runtime.start("test-" + name, body);
    threads.add(thread);
    return thread;
  }

  /** Waits for the threads of the test and passes on what they threw. */
  public void join() {
    for (RuntimeThread thread : threads) {
      until("a thread of the test ended", () -> !thread.isAlive());
    }
    threads.clear();
    for (Throwable thrown : runtime.thrown()) {
      throw new AssertionError(thrown);
    }
  }

  private List<AssertionError> violations() {
    return cores.stream().flatMap(core -> core.violations().stream()).toList();
  }

  /** Retires the partitions as a swap does: by a fence section in each, posted. */
  public void retire() {
    if (!opened) {
      host.retireUnopened();
      return;
    }
    postFences();
    until("the fences have run", host::wasRetired);
  }

  /** Posts a fence section to each partition that is not retired, and does not wait for them. */
  public void postFences() {
    host.retire((partition, fence) -> exclusion(partition).post(fence));
  }

  /** Ends the instance, retired before; it must be gone in time, and no thread left. */
  public void end() {
    closed = true;
    assertThat(instance.close(patience())).as("close ends all threads in time").isTrue();
  }

  @Override
  public void close() {
    try {
      if (!closed) {
        if (!host.wasRetired()) {
          retire();
        }
        end();
      }
      join();
    } finally {
      if (!host.wasRetired()) {
        // Something is wrong already; lets threads go that still wait.
        host.retireUnopened();
      }
    }
    assertThat(violations()).as("violations").isEmpty();
    assertThat(host.failures()).as("failures reported").isEmpty();
    until("no thread is left", () -> runtime.alive().isEmpty());
  }
}
