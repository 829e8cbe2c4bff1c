package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;
import org.penstock.core.api.Stack;

/**
 * Keeps a stack's strategy busy besides the traffic: a thread that posts sections, and a timer in
 * every cell that arms itself again. Each section and each expiry must come exactly once.
 */
final class Load implements AutoCloseable {

  private static final long PERIOD_NANOS = 1_000_000L;

  private final Gate gate;
  private final List<Beat> beats = new ArrayList<>();
  private final AtomicInteger ran = new AtomicInteger();
  private final Thread poster;
  private int posted;
  private volatile boolean finishing;

  Load(Stack stack) {
    this.gate = stack.gate();
    for (int cell = 0; cell < gate.cells(); cell++) {
      beats.add(new Beat(cell));
    }
    this.poster =
        Thread.ofPlatform().daemon().name("post " + stack.name()).unstarted(this::postAll);
  }

  void start() {
    beats.forEach(beat -> gate.call(section(beat.cell, beat::arm)));
    poster.start();
  }

  /** Stops, and requires that all that was posted and armed came once. */
  void finish() throws InterruptedException {
    close();
    poster.join();
    // What is posted to one cell runs in order.
    CountDownLatch passed = new CountDownLatch(gate.cells());
    for (Beat beat : beats) {
      gate.call(section(beat.cell, beat.timer::cancel));
      gate.post(section(beat.cell, passed::countDown));
    }
    passed.await();
    assertThat(ran.get()).isEqualTo(posted).isPositive();
    for (Beat beat : beats) {
      assertThat(beat.expired).isPositive().isBetween(beat.armed - 1, beat.armed);
    }
  }

  @Override
  public void close() {
    finishing = true;
  }

  private void postAll() {
    while (!finishing) {
      gate.post(section(posted++ % gate.cells(), ran::incrementAndGet));
      LockSupport.parkNanos(PERIOD_NANOS / 10);
    }
  }

  private static Section section(int cell, Runnable body) {
    return new Section(cell) {
      @Override
      protected void run() {
        body.run();
      }
    };
  }

  /** A timer that goes on for ever; its counts are the cell's. */
  private final class Beat {
    private final int cell;
    private final CellTimer timer;
    private volatile int armed;
    private volatile int expired;

    Beat(int cell) {
      this.cell = cell;
      this.timer = gate.timer(cell, this::expire);
    }

    void arm() {
      armed = armed + 1;
      timer.arm(gate.now(cell) + PERIOD_NANOS);
    }

    private void expire() {
      expired = expired + 1;
      arm();
    }
  }
}
