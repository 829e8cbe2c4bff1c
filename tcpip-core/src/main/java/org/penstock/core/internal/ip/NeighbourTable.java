package org.penstock.core.internal.ip;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours at one moment, for senders in all cells. Immutable, but for the entries' words.
 */
final class NeighbourTable {

  static final NeighbourTable EMPTY = new NeighbourTable(List.of());

  private final List<NeighbourEntry> all;
  private final @Nullable NeighbourEntry[] places;

  NeighbourTable(Collection<NeighbourEntry> entries) {
    this.all = List.copyOf(entries);
    this.places =
        new @Nullable NeighbourEntry[Integer.highestOneBit(Math.max(1, entries.size())) * 4];
    for (NeighbourEntry entry : entries) {
      int at = entry.hash() & places.length - 1;
      while (places[at] != null) {
        at = at + 1 & places.length - 1;
      }
      places[at] = entry;
    }
  }

  /** All neighbours. */
  List<NeighbourEntry> all() {
    return all;
  }

  /** The neighbour of that address on that slot's link, or null. Allocates nothing. */
  @Nullable NeighbourEntry find(int slot, long high, long low) {
    int at = NeighbourEntry.hash(slot, high, low) & places.length - 1;
    NeighbourEntry entry = places[at];
    while (entry != null && !entry.is(slot, high, low)) {
      at = at + 1 & places.length - 1;
      entry = places[at];
    }
    return entry;
  }
}
