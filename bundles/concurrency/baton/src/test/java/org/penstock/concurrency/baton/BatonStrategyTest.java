package org.penstock.concurrency.baton;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.concurrency.StrategyBench;

/** What is the baton's own: it is handed over, in order, to those who are woken as to all. */
class BatonStrategyTest {

  private static StrategyBench bench() {
    return new StrategyBench(new BatonStrategy(), SystemRuntime.get(), () -> {}).open();
  }

  /** A condition that notes when it is found to hold. */
  private static final class Ready extends Attempt {
    private final List<String> order;
    private boolean ready;
    private boolean registered;

    Ready(List<String> order) {
      super(0);
      this.order = order;
    }

    @Override
    protected boolean attempt() {
      registered = !ready;
      if (ready) {
        order.add("woken");
      }
      return ready;
    }

    @Override
    protected void abandon() {
      registered = false;
    }
  }

  private static boolean isInLine(RuntimeThread thread) {
    return thread.stackTrace().contains(Place.class.getName() + ".await");
  }

  private static boolean isAsleep(RuntimeThread thread) {
    String stack = thread.stackTrace();
    return stack.contains(BatonWait.class.getName() + ".sleepOn") && stack.contains("Parker.park(");
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(ConcurrencyStrategy.class))
        .anyMatch(found -> found instanceof BatonStrategy && found.name().equals("baton"));
  }

  @Test
  void aThreadThatIsWokenIsHandedTheCoreBeforeThoseWhoComeLater() {
    try (StrategyBench bench = bench()) {
      List<String> order = new ArrayList<>();
      Ready ready = new Ready(order);
      List<Awaited> end = new ArrayList<>();
      RuntimeThread sleeper =
          bench.thread("sleep", () -> end.add(bench.exclusion().await(ready, StackRuntime.NEVER)));
      bench.until("it sleeps in its event", () -> isAsleep(sleeper));
      bench.call(() -> {
        assertThat(ready.registered).isTrue();
        ready.ready = true;
        bench.exclusion().signal(ready);
        RuntimeThread comes = bench.thread("come", () -> bench.call(() -> order.add("came")));
        bench.until("the other stands in line", () -> isInLine(comes));
      });
      bench.join();
      assertThat(order).containsExactly("woken", "came");
      assertThat(end).containsExactly(Awaited.DONE);
    }
  }

  @Test
  void callersComeInInTheOrderInWhichTheyCame() {
    try (StrategyBench bench = bench()) {
      List<String> order = new ArrayList<>();
      bench.call(() -> {
        for (String name : List.of("first", "second", "third", "fourth")) {
          RuntimeThread thread = bench.thread(name, () -> bench.call(() -> order.add(name)));
          bench.until("it stands in line", () -> isInLine(thread));
        }
      });
      bench.join();
      assertThat(order).containsExactly("first", "second", "third", "fourth");
    }
  }

  @Test
  void aThreadThatIsSignalledWhileItMakesCallsDoesNotHoldTheCoreMeanwhile() {
    try (StrategyBench bench = bench()) {
      List<String> order = new ArrayList<>();
      Ready ready = new Ready(order);
      AtomicBoolean inHandler = new AtomicBoolean();
      AtomicBoolean called = new AtomicBoolean();
      // The attempt leaves a call behind, so its thread makes that before it sleeps.
      Attempt leavesACall =
          new Attempt(0) {
            @Override
            protected boolean attempt() {
              if (!ready.ready) {
                bench
                    .core()
                    .indicate(() -> {
                      inHandler.set(true);
                      bench.until("another was inside meanwhile", called::get);
                    });
              }
              return ready.attempt();
            }

            @Override
            protected void abandon() {}
          };
      bench.thread("sleep", () -> bench.exclusion().await(leavesACall, StackRuntime.NEVER));
      bench.until("it is in its handler", inHandler::get);
      bench.call(() -> {
        ready.ready = true;
        bench.exclusion().signal(leavesACall);
      });
      // Were the core handed to the thread in its handler, this would never get in.
      bench.call(() -> order.add("came"));
      called.set(true);
      bench.join();
      assertThat(order).containsExactly("came", "woken");
    }
  }
}
