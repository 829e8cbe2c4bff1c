package org.penstock.core.internal.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of the tick in progress, by exact deadline: a binary heap whose entries know their
 * place. It stays small, as a tick is short.
 */
final class TimerHeap {
  private @Nullable Timer[] timers = new Timer[16];
  private int size;

  @Nullable Timer first() {
    return timers[0];
  }

  static boolean holds(int position) {
    return position < Timer.IDLE;
  }

  void add(Timer timer) {
    if (size == timers.length) {
      timers = Arrays.copyOf(timers, 2 * size);
    }
    moveUp(timer, size++);
  }

  void remove(Timer timer) {
    int hole = index(timer.position);
    timer.position = Timer.IDLE;
    Timer last = at(--size);
    timers[size] = null;
    if (last == timer) {
      return;
    }
    if (hole > 0 && last.deadline < at(parent(hole)).deadline) {
      moveUp(last, hole);
    } else {
      moveDown(last, hole);
    }
  }

  private void moveUp(Timer timer, int from) {
    int hole = from;
    while (hole > 0 && timer.deadline < at(parent(hole)).deadline) {
      put(at(parent(hole)), hole);
      hole = parent(hole);
    }
    put(timer, hole);
  }

  private void moveDown(Timer timer, int from) {
    int hole = from;
    while (true) {
      int child = 2 * hole + 1;
      if (child + 1 < size && at(child + 1).deadline < at(child).deadline) {
        child++;
      }
      if (child >= size || timer.deadline <= at(child).deadline) {
        put(timer, hole);
        return;
      }
      put(at(child), hole);
      hole = child;
    }
  }

  private static int parent(int index) {
    return index - 1 >> 1;
  }

  private static int index(int position) {
    return Timer.IDLE - 1 - position;
  }

  private void put(Timer timer, int index) {
    timers[index] = timer;
    timer.position = Timer.IDLE - 1 - index;
  }

  private Timer at(int index) {
    Timer timer = timers[index];
    if (timer == null) {
      throw new IllegalStateException("no timer at " + index + " of " + size);
    }
    return timer;
  }
}
