package org.penstock.concurrency.baton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Semaphore.Acquired;
import org.penstock.concurrency.baton.BatonEvent.Kind;
import org.penstock.testkit.runtime.VirtualRuntime;

class BatonEventTest {

  static LongStream seeds() {
    return BatonTest.seeds();
  }

  /** Threads that wait for an event and note that they got through; the caller has the baton. */
  private static List<RuntimeThread> waiters(
      VirtualRuntime runtime, Baton baton, BatonEvent event, int count, List<Integer> through) {
    List<RuntimeThread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      int before = event.waiting();
      threads.add(
          runtime.start(
              "waits-" + i,
              () -> {
                baton.lock();
                assertThat(event.await(StackRuntime.NEVER)).isEqualTo(Acquired.TAKEN);
                assertThat(baton.isHeldByCaller()).isTrue();
                through.add(number);
                baton.unlock();
              }));
      while (event.waiting() == before) {
        pass(runtime, baton);
      }
    }
    return threads;
  }

  /** Lets others have the baton. */
  private static void pass(VirtualRuntime runtime, Baton baton) {
    baton.unlock();
    runtime.spinHint();
    baton.lock();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSynchronizationEventLetsOneThroughEachTimeTheFirstFirst(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      List<Integer> through = new ArrayList<>();
      baton.lock();
      List<RuntimeThread> threads = waiters(runtime, baton, event, 3, through);
      for (int i = 1; i <= 3; i++) {
        event.set();
        assertThat(event.isSet()).isFalse();
        while (through.size() < i) {
          pass(runtime, baton);
        }
        assertThat(event.waiting()).isEqualTo(3 - i);
      }
      baton.unlock();
      BatonTest.join(threads);
      assertThat(through).containsExactly(0, 1, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aNotificationEventLetsAllThroughUntilItIsReset(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, Kind.NOTIFICATION);
      List<Integer> through = new ArrayList<>();
      baton.lock();
      List<RuntimeThread> threads = waiters(runtime, baton, event, 3, through);
      event.set();
      assertThat(event.isSet()).isTrue();
      // One that comes while it is set does not sleep.
      assertThat(event.await(0)).isEqualTo(Acquired.TAKEN);
      event.reset();
      assertThat(event.await(0)).isEqualTo(Acquired.TIMED_OUT);
      baton.unlock();
      // Those that it let through are through, though it was reset before they woke.
      BatonTest.join(threads);
      assertThat(through).containsExactly(0, 1, 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEventThatIsSetWhileNobodyWaitsStaysSet(Kind kind) {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, kind);
      baton.lock();
      event.set();
      event.set();
      assertThat(event.await(0)).isEqualTo(Acquired.TAKEN);
      assertThat(event.isSet()).isEqualTo(kind == Kind.NOTIFICATION);
    }
  }

  @Test
  void aDeadlineEndsTheWaitWithTheBaton() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      baton.lock();
      long deadline = runtime.nanoTime() + 1_000_000L;
      assertThat(event.await(deadline)).isEqualTo(Acquired.TIMED_OUT);
      assertThat(runtime.nanoTime()).isGreaterThanOrEqualTo(deadline);
      assertThat(baton.isHeldByCaller()).isTrue();
      assertThat(event.waiting()).isZero();
    }
  }

  @Test
  void anInterruptEndsTheWaitWithTheBatonAndStaysSet() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      List<Object> ends = new ArrayList<>();
      RuntimeThread thread =
          runtime.start(
              "waits",
              () -> {
                baton.lock();
                ends.add(event.await(StackRuntime.NEVER));
                ends.add(baton.isHeldByCaller());
                ends.add(Thread.currentThread().isInterrupted());
                baton.unlock();
              });
      baton.lock();
      while (event.waiting() == 0) {
        pass(runtime, baton);
      }
      baton.unlock();
      thread.interrupt();
      BatonTest.join(List.of(thread));
      assertThat(ends).containsExactly(Acquired.INTERRUPTED, true, true);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noWakeUpIsLost(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonEvent ping = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      BatonEvent pong = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      List<RuntimeThread> threads = new ArrayList<>();
      threads.add(runtime.start("ping", () -> play(runtime, baton, ping, pong)));
      threads.add(runtime.start("pong", () -> play(runtime, baton, pong, ping)));
      baton.lock();
      ping.set();
      baton.unlock();
      // A wake-up that were lost would leave both asleep for ever, which the scheduler reports.
      BatonTest.join(threads);
    }
  }

  private static void play(
      VirtualRuntime runtime, Baton baton, BatonEvent mine, BatonEvent theirs) {
    for (int round = 0; round < 100; round++) {
      baton.lock();
      assertThat(mine.await(StackRuntime.NEVER)).isEqualTo(Acquired.TAKEN);
      theirs.set();
      baton.unlock();
      runtime.spinHint();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoIsWokenIsBeforeWhoComesLater(long seed) {
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Baton baton = new Baton(runtime);
      BatonEvent event = new BatonEvent(baton, Kind.SYNCHRONIZATION);
      List<Integer> order = new ArrayList<>();
      baton.lock();
      List<RuntimeThread> threads = waiters(runtime, baton, event, 1, order);
      event.set();
      threads.add(
          runtime.start(
              "comes",
              () -> {
                baton.lock();
                order.add(99);
                baton.unlock();
              }));
      BatonTest.untilInLine(runtime, baton, 2);
      baton.unlock();
      BatonTest.join(threads);
      assertThat(order).containsExactly(0, 99);
    }
  }

  @Test
  void allOfItNeedsTheBaton() {
    try (VirtualRuntime runtime = new VirtualRuntime(1)) {
      BatonEvent event = new BatonEvent(new Baton(runtime), Kind.NOTIFICATION);
      assertThatThrownBy(event::set).hasMessage("set by a thread that has not got the baton");
      assertThatThrownBy(event::reset).hasMessage("reset by a thread that has not got the baton");
      assertThatThrownBy(() -> event.await(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("await by a thread that has not got the baton");
    }
  }
}
