package org.penstock.core.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Any order of calls, beside a sorted map that does the same the plain way. */
class TimerWheelModelTest {
  private static final long[] SPANS = {
    1_000, 1L << 20, 70_000_000L, 5_000_000_000L, 400_000_000_000L, 86_400_000_000_000L * 120
  };

  private final class World {
    final SplittableRandom random;
    final TimerWheel wheel;
    final Entry[] entries;
    final TreeMap<Long, Set<Entry>> model = new TreeMap<>();
    final String name;
    long now;
    int ran;

    World(int seed, int count) {
      random = new SplittableRandom(seed);
      name = "seed " + seed + ", " + count + " timers";
      now = random.nextLong(-1L << 60, 1L << 60);
      wheel = new TimerWheel(now, random.nextInt(10, 25));
      entries = new Entry[count];
      for (int i = 0; i < count; i++) {
        entries[i] = new Entry(this);
      }
    }

    void forget(Entry entry) {
      Set<Entry> due = model.get(entry.expected);
      if (due != null && due.remove(entry) && due.isEmpty()) {
        model.remove(entry.expected);
      }
      entry.expected = TimerWheel.NEVER;
    }

    void schedule(Entry entry, long deadline) {
      forget(entry);
      entry.expected = deadline;
      model.computeIfAbsent(deadline, d -> new HashSet<>()).add(entry);
      wheel.schedule(entry, deadline);
    }

    void change() {
      Entry entry = entries[random.nextInt(entries.length)];
      long span = SPANS[random.nextInt(SPANS.length)];
      switch (random.nextInt(5)) {
        case 0 -> {
          forget(entry);
          wheel.cancel(entry);
        }
        case 1 -> {
          if (entry.expected != TimerWheel.NEVER) {
            schedule(entry, entry.expected + random.nextLong(span));
          }
        }
        case 2 -> schedule(entry, now - random.nextLong(span) / 8);
        default -> schedule(entry, now + random.nextLong(span));
      }
    }

    long earliest() {
      return model.isEmpty() ? TimerWheel.NEVER : model.firstKey();
    }

    void advance() {
      int budget = random.nextInt(4) == 0 ? random.nextInt(1, 5) : 1_000_000;
      int before = ran;
      int handled = wheel.advance(now, budget);
      assertThat(handled).as(name).isBetween(ran - before, budget);
      if (handled < budget) {
        assertThat(earliest()).as(name).isGreaterThan(now);
        assertThat(wheel.nextDeadline()).as(name).isGreaterThan(now);
      }
    }

    void check(boolean exact) {
      long next = wheel.nextDeadline();
      assertThat(next).as(name).isLessThanOrEqualTo(earliest());
      if (exact) {
        assertThat(next).as(name).isEqualTo(earliest());
      }
      assertThat(wheel.nextDeadline()).as(name).isEqualTo(next);
      assertThat(wheel.size())
          .as(name)
          .isEqualTo(model.values().stream().mapToInt(Set::size).sum());
    }

    /** Runs the rest, always woken when the wheel says. */
    void drain(int mostWakeUps) {
      int wakeUps = 0;
      for (Entry entry : entries) {
        entry.quiet = true;
      }
      while (!model.isEmpty()) {
        now = Math.max(now, wheel.nextDeadline());
        int before = ran;
        wheel.advance(now, Integer.MAX_VALUE);
        wakeUps += ran == before ? 1 : 0;
        assertThat(wakeUps).as(name).isLessThanOrEqualTo(mostWakeUps);
      }
      assertThat(wheel.nextDeadline()).as(name).isEqualTo(TimerWheel.NEVER);
    }
  }

  private static final class Entry extends Timer {
    final World world;
    long expected = TimerWheel.NEVER;
    boolean quiet;

    Entry(World world) {
      this.world = world;
    }

    @Override
    protected void expire(long now) {
      assertThat(now).as(world.name).isEqualTo(world.now);
      assertThat(expected).as(world.name).isLessThanOrEqualTo(now);
      assertThat(expected).as(world.name).isEqualTo(world.earliest());
      world.forget(this);
      world.ran++;
      if (!quiet) {
        for (int i = world.random.nextInt(3); i > 0; i--) {
          world.change();
        }
        if (world.random.nextInt(3) == 0) {
          world.schedule(this, now + world.random.nextLong(SPANS[world.random.nextInt(5)]));
        }
      }
    }
  }

  private World run(int seed, int count, int steps, boolean exact) {
    World world = new World(seed, count);
    for (int step = 0; step < steps; step++) {
      for (int i = world.random.nextInt(4); i > 0; i--) {
        world.change();
      }
      world.check(exact);
      switch (world.random.nextInt(4)) {
        case 0 -> world.now += world.random.nextLong(SPANS[world.random.nextInt(SPANS.length)]);
        case 1 -> world.now = Math.max(world.now, Math.min(world.earliest(), world.now + SPANS[5]));
        case 2 -> world.now += world.random.nextLong(3);
        default -> {}
      }
      world.advance();
    }
    return world;
  }

  @Test
  void aFewTimersExactly() {
    int ran = 0;
    for (int seed = 0; seed < 300; seed++) {
      World world = run(seed, 1 + seed % 12, 300, true);
      world.drain(0);
      ran += world.ran;
    }
    assertThat(ran).isGreaterThan(30_000);
  }

  @Test
  void manyTimersNeverLate() {
    int ran = 0;
    for (int seed = 0; seed < 40; seed++) {
      World world = run(seed, 2000, 1500, false);
      // At most one wake-up too early for each slot that was in use.
      world.drain(9 * 64);
      ran += world.ran;
    }
    assertThat(ran).isGreaterThan(40_000);
  }
}
