package org.penstock.core.internal.congestion;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionState;

/**
 * The congestion controls of a stack. PCBs hold a number and never the object, so that an algorithm
 * whose bundle goes leaves no trace: its number is no longer {@linkplain #find found}, and the
 * built-in one takes the connection over. From any thread.
 */
public final class CongestionTable {

  /** The number of the built-in algorithm, which is always there. */
  public static final int BUILT_IN = 0;

  private static final int INDEX_BITS = 8;
  private static final int MOST = 1 << INDEX_BITS;
  private static final int INDEX_MASK = MOST - 1;

  private record Entry(int number, @Nullable CongestionControl control) {}

  private record Snapshot(Entry[] entries, int preferred) {}

  private static final VarHandle SNAPSHOT;

  static {
    try {
      SNAPSHOT =
          MethodHandles.lookup().findVarHandle(CongestionTable.class, "snapshot", Snapshot.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CongestionControl builtIn = new NewReno();
  private volatile Snapshot snapshot;

  /**
   * A table with the built-in algorithm.
   *
   * @param first a further one that new connections begin with, or null
   */
  public CongestionTable(@Nullable CongestionControl first) {
    Entry[] entries = {new Entry(BUILT_IN, builtIn)};
    snapshot = new Snapshot(entries, BUILT_IN);
    if (first != null) {
      prefer(add(first));
    }
  }

  /**
   * Adds an algorithm.
   *
   * @return its number, never given to another
   * @throws IllegalArgumentException if it wants more words than a PCB has
   * @throws IllegalStateException if there are 256 algorithms already
   */
  public int add(CongestionControl control) {
    if (control.words() < 0 || control.words() > CongestionState.WORDS) {
      throw new IllegalArgumentException(
          "congestion control '"
              + control.name()
              + "' wants "
              + control.words()
              + " words; 0 to "
              + CongestionState.WORDS
              + " are allowed");
    }
    while (true) {
      Snapshot old = snapshot;
      int index = freeIndex(old.entries);
      Entry[] entries = Arrays.copyOf(old.entries, Math.max(old.entries.length, index + 1));
      int number =
          index < old.entries.length ? entries[index].number + (1 << INDEX_BITS) : MOST | index;
      entries[index] = new Entry(number, control);
      if (SNAPSHOT.compareAndSet(this, old, new Snapshot(entries, old.preferred))) {
        return number;
      }
    }
  }

  /** Removes an algorithm; new connections begin with the built-in one if it was preferred. */
  public void remove(int number) {
    if (number == BUILT_IN) {
      throw new IllegalArgumentException("the built-in congestion control can't be removed");
    }
    while (true) {
      Snapshot old = snapshot;
      int index = number & INDEX_MASK;
      if (index >= old.entries.length || old.entries[index].number != number) {
        return;
      }
      Entry[] entries = old.entries.clone();
      entries[index] = new Entry(number, null);
      int preferred = old.preferred == number ? BUILT_IN : old.preferred;
      if (SNAPSHOT.compareAndSet(this, old, new Snapshot(entries, preferred))) {
        return;
      }
    }
  }

  /** Has new connections begin with this algorithm. */
  public void prefer(int number) {
    while (true) {
      Snapshot old = snapshot;
      if (find(old, number) == null) {
        throw new IllegalArgumentException("there is no congestion control number " + number);
      }
      if (SNAPSHOT.compareAndSet(this, old, new Snapshot(old.entries, number))) {
        return;
      }
    }
  }

  /** What new connections begin with. */
  public int preferred() {
    return snapshot.preferred;
  }

  /** The algorithm of that number, or null if it has gone. */
  public @Nullable CongestionControl find(int number) {
    return find(snapshot, number);
  }

  /** The number of the algorithm of that name, or -1. */
  public int find(String name) {
    for (Entry entry : snapshot.entries) {
      if (entry.control != null && entry.control.name().equals(name)) {
        return entry.number;
      }
    }
    return -1;
  }

  /** The algorithm that is always there. */
  public CongestionControl builtIn() {
    return builtIn;
  }

  private static @Nullable CongestionControl find(Snapshot from, int number) {
    int index = number & INDEX_MASK;
    if (index >= from.entries.length || from.entries[index].number != number) {
      return null;
    }
    return from.entries[index].control;
  }

  private static int freeIndex(Entry[] entries) {
    for (int i = 0; i < entries.length; i++) {
      if (entries[i].control == null) {
        return i;
      }
    }
    if (entries.length == MOST) {
      throw new IllegalStateException("there are " + MOST + " congestion controls already");
    }
    return entries.length;
  }
}
