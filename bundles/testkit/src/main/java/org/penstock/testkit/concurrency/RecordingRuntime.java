package org.penstock.testkit.concurrency;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/** Another runtime, with a list of the threads that were started and of what they threw. */
public final class RecordingRuntime implements StackRuntime {

  private record Started(String name, RuntimeThread thread) {}

  private final StackRuntime runtime;
  private final Queue<Started> started = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

  /** Records what goes through to the given runtime. */
  public RecordingRuntime(StackRuntime runtime) {
    this.runtime = runtime;
  }

  /** The names of threads that have not ended, each with its stack. */
  public List<String> alive() {
    return started.stream()
        .filter(entry -> entry.thread.isAlive())
        .map(entry -> entry.name + "\n" + entry.thread.stackTrace())
        .toList();
  }

  /** What left the bodies of threads. */
  public List<Throwable> thrown() {
    return List.copyOf(thrown);
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    RuntimeThread thread =
        runtime.start(
            name,
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                thrown.add(new AssertionError("thread " + name + " failed", e));
              }
            });
    started.add(new Started(name, thread));
    return thread;
  }

  @Override
  public long nanoTime() {
    return runtime.nanoTime();
  }

  @Override
  public long wallTimeNanos() {
    return runtime.wallTimeNanos();
  }

  @Override
  public RandomSource random() {
    return runtime.random();
  }

  @Override
  public RuntimeThread current() {
    return runtime.current();
  }

  @Override
  public boolean clearInterrupt() {
    return runtime.clearInterrupt();
  }

  @Override
  public Parker parker() {
    return runtime.parker();
  }

  @Override
  public long threadId() {
    return runtime.threadId();
  }

  @Override
  public void spinHint() {
    runtime.spinHint();
  }

  @Override
  public void giveWay() {
    runtime.giveWay();
  }

  @Override
  public int processors() {
    return runtime.processors();
  }
}
