package org.penstock.concurrency.striped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** What is striped's own: partitions that do not notice each other. */
class StripedStrategyTest {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final StackRuntime runtime = SystemRuntime.get();
  private final PlainHost host = new PlainHost(runtime, 4);
  private final StrategyInstance instance = new StripedStrategy(4).start(host);

  private static Section section(int cell, Runnable body) {
    return new Section(cell) {
      @Override
      protected void run() {
        body.run();
      }
    };
  }

  private boolean call(int partition, Runnable body) {
    return instance.exclusion(partition).call(section(partition, body));
  }

  private void post(int partition, Runnable body) {
    instance.exclusion(partition).post(section(partition, body));
  }

  private void until(String what, BooleanSupplier holds) {
    long deadline = runtime.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      if (runtime.nanoTime() >= deadline) {
        throw new AssertionError("still not so: " + what);
      }
      runtime.giveWay();
    }
  }

  @AfterEach
  void closes() {
    for (int i = 0; i < 4; i++) {
      call(i, host.partition(i)::retire);
    }
    assertThat(instance.close(runtime.nanoTime() + PATIENCE_NANOS)).isTrue();
    assertThat(host.failures()).isEmpty();
  }

  @Test
  void isFoundByServiceLoader() {
    instance.open();
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof StripedStrategy && found.name().equals("striped"));
  }

  @Test
  void theNumberOfPartitionsIsAPowerOfTwoThatSuitsTheProcessors() {
    instance.open();
    StripedStrategy byProcessors = new StripedStrategy();
    assertThat(byProcessors.partitions(64, 1)).isEqualTo(4);
    assertThat(byProcessors.partitions(64, 2)).isEqualTo(8);
    assertThat(byProcessors.partitions(64, 3)).isEqualTo(16);
    assertThat(byProcessors.partitions(64, 64)).isEqualTo(64);
    assertThat(byProcessors.partitions(2, 8)).isEqualTo(2);
    assertThat(byProcessors.partitions(4096, 100_000)).isEqualTo(StripedStrategy.MOST_PARTITIONS);
    assertThat(new StripedStrategy(2).partitions(64, 16)).isEqualTo(2);
    assertThat(new StripedStrategy(128).partitions(64, 1)).isEqualTo(64);
    assertThatThrownBy(() -> new StripedStrategy(6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'6'");
  }

  @Test
  void twoThreadsAreInTwoPartitionsAtTheSameTime() {
    instance.open();
    AtomicInteger inside = new AtomicInteger();
    Runnable meet =
        () -> {
          inside.incrementAndGet();
          until("the other is inside its partition as well", () -> inside.get() == 2);
        };
    RuntimeThread other = runtime.start("other", () -> call(1, meet));
    assertThat(call(0, meet)).isTrue();
    assertThat(other.join(runtime.nanoTime() + PATIENCE_NANOS)).isTrue();
    assertThat(inside).hasValue(2);
  }

  @Test
  void whatIsPostedFromPartitionToPartitionRunsOnTheSameThreadWhenThatIsOut() {
    instance.open();
    List<Integer> order = new ArrayList<>();
    List<Long> threads = new ArrayList<>();
    call(
        0,
        () -> {
          post(
              1,
              () -> {
                post(
                    2,
                    () -> {
                      order.add(2);
                      threads.add(runtime.threadId());
                    });
                order.add(1);
                threads.add(runtime.threadId());
              });
          order.add(0);
        });
    assertThat(order).containsExactly(0, 1, 2);
    assertThat(threads).containsOnly(runtime.threadId());
  }

  @Test
  void aCallFromPartitionToPartitionIsRefused() {
    instance.open();
    List<Throwable> thrown = new ArrayList<>();
    call(
        0,
        () -> {
          try {
            call(1, () -> {});
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        });
    assertThat(thrown).hasSize(1);
    assertThat(thrown.getFirst())
        .hasMessageContaining("call")
        .hasMessageContaining("striped")
        .hasMessageContaining("post a section instead");
  }

  @Test
  void timersOfAPartitionAreKeptWhileAnotherHangs() {
    instance.open();
    AtomicBoolean hangs = new AtomicBoolean();
    AtomicBoolean ran = new AtomicBoolean();
    AtomicBoolean ranInTheOther = new AtomicBoolean();
    // The thread that keeps the deadlines finds the first due where somebody is inside.
    long due = runtime.nanoTime() + 20_000_000L;
    call(0, () -> host.partition(0).at(due, () -> ranInTheOther.set(true)));
    RuntimeThread other =
        runtime.start(
            "hangs",
            () ->
                call(
                    0,
                    () -> {
                      hangs.set(true);
                      until("the timer of partition 1 ran", ran::get);
                    }));
    until("partition 0 is occupied", hangs::get);
    call(1, () -> host.partition(1).at(due + 1_000_000L, () -> ran.set(true)));
    assertThat(other.join(runtime.nanoTime() + PATIENCE_NANOS)).isTrue();
    assertThat(ran).isTrue();
    until("that of partition 0 runs when it is left", ranInTheOther::get);
  }
}
