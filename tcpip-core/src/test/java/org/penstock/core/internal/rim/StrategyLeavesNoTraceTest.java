package org.penstock.core.internal.rim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.core.internal.rim.SwapBench.SECOND;
import static org.penstock.core.internal.rim.SwapBench.strategy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.SwapCause;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.rim.SwapBench.Letters;

/**
 * A strategy that was replaced twenty times, each time by one from a class loader of its own as an
 * updated bundle is, leaves no class loader and no thread behind.
 */
@Timeout(120)
class StrategyLeavesNoTraceTest {

  private static final int TIMES = 20;

  private final StackRuntime runtime = SystemRuntime.get();
  private final Rim rim =
      new Rim("trace", runtime, new Cell[] {new Cell(0, 0), new Cell(1, 0)}, true);
  private final Letters letters = new Letters(1);
  private final AtomicInteger waited = new AtomicInteger();
  private volatile boolean stopped;

  /** The classes of a strategy's bundle, apart from those that everybody has. */
  private static final class OwnLoader extends ClassLoader {
    private final String packageName;

    OwnLoader(String packageName) {
      super(StrategyLeavesNoTraceTest.class.getClassLoader());
      this.packageName = packageName;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(packageName)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static ConcurrencyStrategy fromItsOwnLoader(String name) throws Exception {
    Class<?> known = strategy(name).getClass();
    ConcurrencyStrategy strategy =
        (ConcurrencyStrategy)
            new OwnLoader(known.getPackageName())
                .loadClass(known.getName())
                .getConstructor()
                .newInstance();
    assertThat(strategy.getClass()).isNotSameAs(known);
    return strategy;
  }

  private static final class Sleepy implements QueueAgent {
    private final StackRuntime runtime;

    Sleepy(StackRuntime runtime) {
      this.runtime = runtime;
    }

    @Override
    public int work(int budget) {
      return 0;
    }

    @Override
    public void idle(long deadlineNanos) {
      runtime.parker().park(Math.min(deadlineNanos, runtime.nanoTime() + SECOND / 1000));
    }

    @Override
    public void wake() {}
  }

  /** Waits for letters until told to stop, by whatever strategy is in force. */
  private void waitForLetters() {
    while (!stopped) {
      if (rim.await("take", letters.take(), runtime.nanoTime() + SECOND / 100) == Awaited.DONE) {
        waited.incrementAndGet();
      }
    }
  }

  private void work() {
    AtomicInteger ran = new AtomicInteger();
    Section counting = SwapBench.section(0, ran::incrementAndGet);
    rim.call(counting);
    rim.post(counting);
    rim.call(SwapBench.section(0, () -> rim.timer(0, ran::incrementAndGet).arm(rim.now(0))));
    int before = waited.get();
    while (ran.get() < 3 || waited.get() < before + 3) {
      rim.call(SwapBench.section(1, () -> letters.put(rim)));
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({"global-lock, mailbox", "mailbox, global-lock"})
  void replacedTwentyTimes(String name, String inBetween) throws Exception {
    ConcurrencyStrategy other = strategy(inBetween);
    assertThat(rim.swap(other)).isNull();
    rim.drive(new Sleepy(runtime), "queue");
    // A thread that lives on, as those of applications do.
    Thread waiting = Thread.ofPlatform().daemon().start(this::waitForLetters);
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      loaders.add(useOnce(name, other));
    }

    long deadline = runtime.nanoTime() + 60 * SECOND;
    while (loaders.stream().anyMatch(loader -> loader.get() != null)
        && runtime.nanoTime() < deadline) {
      System.gc();
      runtime.parker().park(runtime.nanoTime() + SECOND / 50);
    }
    assertThat(loaders).allMatch(loader -> loader.get() == null);

    stopped = true;
    waiting.join();
    assertThat(rim.close(runtime.nanoTime() + 10 * SECOND)).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("penstock-trace"))
        .noneMatch(thread -> thread.getName().equals("penstock-queue"));
  }

  private WeakReference<ClassLoader> useOnce(String name, ConcurrencyStrategy next)
      throws Exception {
    ConcurrencyStrategy strategy = fromItsOwnLoader(name);
    assertThat(rim.swap(strategy)).isNull();
    work();
    assertThat(rim.view().statistics().entries()).isPositive();
    assertThat(rim.swap(next, SwapCause.LEAVING)).isNull();
    work();
    return new WeakReference<>(strategy.getClass().getClassLoader());
  }
}
