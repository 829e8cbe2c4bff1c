package org.penstock.core.internal.ip;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The entries of the neighbour cache, and who has to go when there are too many. Control cell. */
final class NeighbourEntries {

  private record Key(int slot, long high, long low) {}

  private final Map<Key, NeighbourEntry> byAddress = new LinkedHashMap<>();

  // In the order in which they came; the oldest goes first.
  private final LinkedHashSet<NeighbourEntry> uninvited = new LinkedHashSet<>();

  @Nullable NeighbourEntry find(int slot, long high, long low) {
    return byAddress.get(new Key(slot, high, low));
  }

  Collection<NeighbourEntry> all() {
    return byAddress.values();
  }

  void add(NeighbourEntry entry) {
    byAddress.put(new Key(entry.slot, entry.high, entry.low), entry);
  }

  void remove(NeighbourEntry entry) {
    byAddress.remove(new Key(entry.slot, entry.high, entry.low));
    uninvited.remove(entry);
  }

  /** Notes that an entry is there only because its station asked for us. */
  void uninvited(NeighbourEntry entry) {
    uninvited.add(entry);
  }

  /** Notes that we have a use for the entry of our own. */
  void invite(NeighbourEntry entry) {
    uninvited.remove(entry);
  }

  /** Has the oldest uninvited entry removed if there are as many as there may be. */
  void makeRoomForUninvited(Consumer<NeighbourEntry> remove) {
    if (uninvited.size() >= Neighbours.MOST_UNINVITED) {
      remove.accept(uninvited.getFirst());
    }
  }

  /**
   * Has an entry removed if the cache is full: a failed one, else an uninvited one, else the one
   * that has been stale or has been asked for the longest. Without the last, as many addresses as
   * nobody answers for would keep out those that answer at once. What is known and in use stays.
   *
   * @return false if there is no room
   */
  boolean makeRoom(Consumer<NeighbourEntry> remove) {
    if (byAddress.size() < Neighbours.MOST_ENTRIES) {
      return true;
    }
    NeighbourEntry victim = oldest(NeighbourEntry.FAILED);
    if (victim == null && !uninvited.isEmpty()) {
      victim = uninvited.getFirst();
    }
    if (victim == null) {
      victim = oldest(NeighbourEntry.STALE);
    }
    if (victim == null) {
      victim = oldest(NeighbourEntry.INCOMPLETE);
    }
    if (victim == null) {
      return false;
    }
    remove.accept(victim);
    return true;
  }

  private @Nullable NeighbourEntry oldest(int state) {
    NeighbourEntry oldest = null;
    for (NeighbourEntry entry : byAddress.values()) {
      if (entry.state() == state && (oldest == null || entry.since() < oldest.since())) {
        oldest = entry;
      }
    }
    return oldest;
  }
}
