package org.penstock.core.internal.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel (Varghese and Lauck, 1987): arming and cancelling take constant time
 * however many timers there are and however far away. It has no clock: time is an argument, in
 * nanoseconds of any origin, compared as plain longs. Owned by the partition.
 *
 * <p>Time is cut into ticks. Level 0 has a slot for each of 64 ticks, a slot of each further level
 * spans all of the level below. A timer hangs at the level of the highest digit (base 64) in which
 * the tick of its deadline differs from the current one, and moves down as time gets there; so the
 * slots of a level that are in use all lie ahead of the current one, and those of a lower level
 * before those of a higher. Timers of the current tick are in a heap that knows their exact order:
 * a timer expires at its deadline, neither before nor a tick later, and in order of deadlines.
 * Equal deadlines expire in an order that depends only on the calls made.
 *
 * <p>Arming a timer again for later only notes the deadline: the timer stays in its slot, and is
 * moved when that slot is reached or when {@link #nextDeadline} looks there. That makes it cheap to
 * push a retransmission timeout back with every acknowledgment.
 */
public final class TimerWheel {
  /** The deadline of what is not armed; arming a timer for it cancels it. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Ticks of 2^20 ns, about a millisecond. */
  public static final int DEFAULT_TICK_BITS = 20;

  private static final int DIGIT_BITS = 6;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int NONE = -1;

  /** In how many timers {@link #nextDeadline} looks for the exact deadline before it settles. */
  private static final int LOOK_AT = 16;

  private final int tickBits;
  private final @Nullable Timer[] heads;
  private final @Nullable Timer[] tails;

  /** For each slot no later than the earliest deadline in it; exact unless stale. */
  private final long[] earliest;

  /** For each level a bit per slot: whether it has timers and lies ahead, not being drained. */
  private final long[] occupied;

  /** For each level a bit per slot: whether the timer that gave {@link #earliest} has gone. */
  private final long[] stale;

  private final TimerHeap heap = new TimerHeap();

  /** The tick up to which slots are empty; unsigned, so that all of a long's times have one. */
  private long currentTick;

  /** The slot whose timers are being moved down or into the heap. */
  private int draining = NONE;

  private int size;

  /** A wheel with ticks of about a millisecond. */
  public TimerWheel(long now) {
    this(now, DEFAULT_TICK_BITS);
  }

  /**
   * A wheel.
   *
   * @param tickBits a tick is 2^tickBits nanoseconds; 10 to 40. Shorter ticks cost more moves of
   *     far timers, longer ones a larger heap; neither changes when a timer expires
   */
  public TimerWheel(long now, int tickBits) {
    if (tickBits < 10 || tickBits > 40) {
      throw new IllegalArgumentException("tick of 2^" + tickBits + " ns: 10 to 40 are allowed");
    }
    this.tickBits = tickBits;
    int levels = (Long.SIZE - tickBits + DIGIT_BITS - 1) / DIGIT_BITS;
    heads = new Timer[levels * SLOTS];
    tails = new Timer[levels * SLOTS];
    earliest = new long[levels * SLOTS];
    Arrays.fill(earliest, NEVER);
    occupied = new long[levels];
    stale = new long[levels];
    currentTick = tickOf(now);
  }

  /** How many timers are armed. */
  public int size() {
    return size;
  }

  /**
   * Arms a timer, or arms it anew.
   *
   * @param deadline when it is due; in the past: with the next {@link #advance}; {@link #NEVER}
   *     cancels it
   */
  public void schedule(Timer timer, long deadline) {
    if (deadline == NEVER) {
      cancel(timer);
      return;
    }
    int position = timer.position;
    if (position >= 0 && deadline >= timer.deadline) {
      if (deadline != timer.deadline) {
        noteGone(position, timer.deadline);
        timer.deadline = deadline;
      }
      return;
    }
    if (position == Timer.IDLE) {
      size++;
    } else {
      detach(timer);
    }
    timer.deadline = deadline;
    place(timer);
  }

  /** Disarms a timer; one that is not armed stays so. */
  public void cancel(Timer timer) {
    if (timer.position != Timer.IDLE) {
      size--;
      detach(timer);
      timer.deadline = NEVER;
    }
  }

  /**
   * When to call {@link #advance} next: the earliest deadline, or {@link #NEVER} if nothing is
   * armed. Never later than that. Earlier only if a timer was cancelled or pushed back among many
   * that are due about the same time; {@code advance} then finds nothing to run, and asking again
   * gives a later time.
   */
  public long nextDeadline() {
    Timer first = heap.first();
    long deadline = first == null ? NEVER : first.deadline;
    int budget = LOOK_AT;
    if (draining != NONE) {
      // Half of a slot has moved to lower levels: either half may have the earliest.
      if (isStale(draining)) {
        budget = settle(draining, budget);
      }
      deadline = Math.min(deadline, earliest[draining]);
    } else if (first != null) {
      return deadline;
    }
    while (true) {
      int slot = firstOccupied();
      if (slot == NONE) {
        return deadline;
      }
      if (!isStale(slot)) {
        return Math.min(deadline, earliest[slot]);
      }
      budget = settle(slot, budget);
    }
  }

  /**
   * Runs timers whose deadline has come, in order of their deadlines.
   *
   * <p>If a timer throws, it counts as run and the exception is passed on; the wheel is intact, and
   * the next call continues.
   *
   * @param now the time, in nanoseconds; does not go back, or nothing happens until it has caught
   *     up
   * @param budget how many timers to handle at most: to run, or to move nearer to where they run
   * @return how many were handled; fewer than the budget means that nothing more is due
   */
  public int advance(long now, int budget) {
    long target = tickOf(now);
    int handled = 0;
    while (handled < budget) {
      if (draining != NONE) {
        handled += drainOne();
        continue;
      }
      Timer first = heap.first();
      if (first != null && first.deadline <= now) {
        cancel(first);
        handled++;
        first.expire(now);
        continue;
      }
      if (Long.compareUnsigned(currentTick, target) >= 0) {
        return handled;
      }
      int slot = firstOccupied();
      long start = slot == NONE ? target : startOf(slot);
      if (slot == NONE || Long.compareUnsigned(start, target) > 0) {
        currentTick = target;
        return handled;
      }
      currentTick = start;
      draining = slot;
      occupied[slot >>> DIGIT_BITS] &= ~(1L << slot);
    }
    return handled;
  }

  /** Moves the first timer of the slot being drained on; 0 if all have been cancelled meanwhile. */
  private int drainOne() {
    Timer timer = heads[draining];
    if (timer == null) {
      draining = NONE;
      return 0;
    }
    int slot = draining;
    detach(timer);
    place(timer);
    if (heads[slot] == null) {
      draining = NONE;
    }
    return 1;
  }

  /** Hangs a timer where its deadline belongs. */
  private void place(Timer timer) {
    long tick = tickOf(timer.deadline);
    if (Long.compareUnsigned(tick, currentTick) <= 0) {
      heap.add(timer);
    } else {
      attach(timer, slotOf(tick));
    }
  }

  private int slotOf(long tick) {
    int highestBit = Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ currentTick);
    int level = highestBit / DIGIT_BITS;
    int digit = (int) (tick >>> level * DIGIT_BITS) & SLOTS - 1;
    return level << DIGIT_BITS | digit;
  }

  /** The first tick of a slot that lies ahead of the current tick, or is the current one's own. */
  private long startOf(int slot) {
    int shift = (slot >>> DIGIT_BITS) * DIGIT_BITS;
    long above = currentTick >>> shift + DIGIT_BITS;
    return (above << DIGIT_BITS | slot & SLOTS - 1) << shift;
  }

  private int firstOccupied() {
    for (int level = 0; level < occupied.length; level++) {
      if (occupied[level] != 0) {
        return level << DIGIT_BITS | Long.numberOfTrailingZeros(occupied[level]);
      }
    }
    return NONE;
  }

  private void attach(Timer timer, int slot) {
    Timer tail = tails[slot];
    timer.previous = tail;
    if (tail == null) {
      heads[slot] = timer;
      occupied[slot >>> DIGIT_BITS] |= 1L << slot;
    } else {
      tail.next = timer;
    }
    tails[slot] = timer;
    timer.position = slot;
    earliest[slot] = Math.min(earliest[slot], timer.deadline);
  }

  private void detach(Timer timer) {
    int slot = timer.position;
    if (TimerHeap.holds(slot)) {
      heap.remove(timer);
      return;
    }
    Timer next = timer.next;
    Timer previous = timer.previous;
    if (previous == null) {
      heads[slot] = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      tails[slot] = previous;
    } else {
      next.previous = previous;
    }
    timer.next = null;
    timer.previous = null;
    timer.position = Timer.IDLE;
    if (heads[slot] == null) {
      earliest[slot] = NEVER;
      occupied[slot >>> DIGIT_BITS] &= ~(1L << slot);
      stale[slot >>> DIGIT_BITS] &= ~(1L << slot);
    } else {
      noteGone(slot, timer.deadline);
    }
  }

  /** A deadline has left a slot, which may have been the earliest there. */
  private void noteGone(int slot, long deadline) {
    if (deadline == earliest[slot]) {
      stale[slot >>> DIGIT_BITS] |= 1L << slot;
    }
  }

  private boolean isStale(int slot) {
    return (stale[slot >>> DIGIT_BITS] & 1L << slot) != 0;
  }

  /**
   * Finds the earliest deadline of a slot that has become stale, and sends on the timers that were
   * pushed back beyond it.
   *
   * @return what is left of the budget. Where it does not suffice the slot keeps a time that is too
   *     early, and counts as settled: a crowd is not searched again and again
   */
  private int settle(int slot, int budget) {
    stale[slot >>> DIGIT_BITS] &= ~(1L << slot);
    long found = NEVER;
    int left = budget;
    Timer timer = heads[slot];
    while (timer != null) {
      if (left-- == 0) {
        return 0;
      }
      Timer next = timer.next;
      if (slot == draining || slotOf(tickOf(timer.deadline)) == slot) {
        found = Math.min(found, timer.deadline);
      } else {
        detach(timer);
        attach(timer, slotOf(tickOf(timer.deadline)));
      }
      timer = next;
    }
    earliest[slot] = found;
    stale[slot >>> DIGIT_BITS] &= ~(1L << slot);
    return left;
  }

  /** The tick of a time; flipping the sign bit keeps the order when read as unsigned. */
  private long tickOf(long time) {
    return (time ^ Long.MIN_VALUE) >>> tickBits;
  }
}
