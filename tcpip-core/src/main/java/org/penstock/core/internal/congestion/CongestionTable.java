package org.penstock.core.internal.congestion;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** What the table holds at one moment; a version of its own for each change. */
  private record Snapshot(Entry[] entries, @Nullable String wanted, int version) {
    Snapshot with(Entry[] changed) {
      return new Snapshot(changed, wanted, version + 1);
    }
  }

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
    snapshot = new Snapshot(entries, null, 0);
    if (first != null) {
      add(first);
      prefer(first.name());
    }
  }

  /**
   * Adds an algorithm.
   *
   * @return its number, never given to another
   * @throws IllegalArgumentException if it wants more words than a PCB has, or its name is taken
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
      if (find(old, control.name()) >= 0) {
        throw new IllegalArgumentException(
            "there is a congestion control '" + control.name() + "' already");
      }
      int index = freeIndex(old.entries);
      Entry[] entries = Arrays.copyOf(old.entries, Math.max(old.entries.length, index + 1));
      int number =
          index < old.entries.length ? entries[index].number + (1 << INDEX_BITS) : MOST | index;
      entries[index] = new Entry(number, control);
      if (SNAPSHOT.compareAndSet(this, old, old.with(entries))) {
        return number;
      }
    }
  }

  /** Removes an algorithm, if it is there; the built-in one stays. */
  public void remove(CongestionControl control) {
    while (true) {
      Snapshot old = snapshot;
      Entry[] entries = old.entries.clone();
      int index = 0;
      while (index < entries.length && entries[index].control != control) {
        index++;
      }
      if (index == BUILT_IN || index == entries.length) {
        return;
      }
      entries[index] = new Entry(entries[index].number, null);
      if (SNAPSHOT.compareAndSet(this, old, old.with(entries))) {
        return;
      }
    }
  }

  /** Prefers the algorithm of that name, and while there is none the built-in one. */
  public void prefer(String name) {
    while (true) {
      Snapshot old = snapshot;
      if (SNAPSHOT.compareAndSet(this, old, new Snapshot(old.entries, name, old.version + 1))) {
        return;
      }
    }
  }

  /** What connections use that have no choice of their own. */
  public int preferred() {
    Snapshot now = snapshot;
    return now.wanted == null ? BUILT_IN : Math.max(find(now, now.wanted), BUILT_IN);
  }

  /** Differs after each change of the table. */
  public int version() {
    return snapshot.version;
  }

  /** What a connection uses whose own choice is that name, empty for none. */
  public int choice(String own) {
    int found = own.isEmpty() ? -1 : find(own);
    return found >= 0 ? found : preferred();
  }

  /** The names of those that are there, the built-in one first. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Entry entry : snapshot.entries) {
      if (entry.control != null) {
        names.add(entry.control.name());
      }
    }
    return names;
  }

  /** The name of the algorithm of that number; the built-in one's if it has gone. */
  public String name(int number) {
    CongestionControl found = find(number);
    return found == null ? builtIn.name() : found.name();
  }

  /** The algorithm of that number, or null if it has gone. */
  public @Nullable CongestionControl find(int number) {
    return find(snapshot, number);
  }

  /** The number of the algorithm of that name, or -1. */
  public int find(String name) {
    return find(snapshot, name);
  }

  /** The algorithm that is always there. */
  public CongestionControl builtIn() {
    return builtIn;
  }

  private static int find(Snapshot from, String name) {
    for (Entry entry : from.entries) {
      if (entry.control != null && entry.control.name().equals(name)) {
        return entry.number;
      }
    }
    return -1;
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
