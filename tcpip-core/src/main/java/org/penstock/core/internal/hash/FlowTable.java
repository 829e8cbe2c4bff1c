package org.penstock.core.internal.hash;

import org.jspecify.annotations.Nullable;

/**
 * Finds a connection by its flow: a hash table with chains through the entries themselves. A lookup
 * takes raw values, allocates nothing and writes nothing. Owned by the partition.
 *
 * <p>A cell is chosen by some bits of the hash, so all flows of one table agree in them: buckets
 * are chosen by others (cells by the upper 32 bits, buckets by the lower).
 *
 * @param <E> what is found
 */
public final class FlowTable<E extends FlowEntry> {
  private static final int INITIAL_BUCKETS = 16;
  private static final int MAX_BUCKETS = 1 << 30;

  private final FlowHash flowHash;
  private @Nullable FlowEntry[] buckets = new FlowEntry[INITIAL_BUCKETS];
  private int size;

  /** An empty table. */
  public FlowTable(FlowHash flowHash) {
    this.flowHash = flowHash;
  }

  /** How many entries there are. */
  public int size() {
    return size;
  }

  /** The entry of a flow, null if there is none. */
  public @Nullable E find(
      long localHigh, long localLow, long remoteHigh, long remoteLow, int ports, int scope) {
    long hash = flowHash.hash(localHigh, localLow, remoteHigh, remoteLow, ports, scope);
    return find(hash, localHigh, localLow, remoteHigh, remoteLow, ports, scope);
  }

  /**
   * The entry of a flow, null if there is none.
   *
   * @param hash what this table's {@link FlowHash} gives for the flow, where the caller has it
   */
  @SuppressWarnings("unchecked") // Only entries of type E are ever inserted.
  public @Nullable E find(
      long hash,
      long localHigh,
      long localLow,
      long remoteHigh,
      long remoteLow,
      int ports,
      int scope) {
    FlowEntry entry = buckets[bucket(hash)];
    while (entry != null) {
      if (entry.hash == hash
          && entry.isFor(localHigh, localLow, remoteHigh, remoteLow, ports, scope)) {
        return (E) entry;
      }
      entry = entry.next;
    }
    return null;
  }

  /**
   * Inserts an entry, unless its flow has one.
   *
   * @return the entry that is in its way, null if it was inserted
   * @throws IllegalStateException if the entry is in a table already
   */
  public @Nullable E insert(E entry) {
    if (entry.inTable) {
      throw new IllegalStateException("already in a table: " + entry);
    }
    long hash =
        flowHash.hash(
            entry.localHigh(),
            entry.localLow(),
            entry.remoteHigh(),
            entry.remoteLow(),
            entry.ports(),
            entry.scope());
    E present =
        find(
            hash,
            entry.localHigh(),
            entry.localLow(),
            entry.remoteHigh(),
            entry.remoteLow(),
            entry.ports(),
            entry.scope());
    if (present != null) {
      return present;
    }
    if (size == buckets.length && size < MAX_BUCKETS) {
      grow();
    }
    entry.hash = hash;
    entry.inTable = true;
    push(entry);
    size++;
    return null;
  }

  /**
   * Removes an entry.
   *
   * @return whether it was in this table
   */
  public boolean remove(E entry) {
    if (!entry.inTable) {
      return false;
    }
    int bucket = bucket(entry.hash);
    FlowEntry before = null;
    FlowEntry at = buckets[bucket];
    while (at != null && at != entry) {
      before = at;
      at = at.next;
    }
    if (at == null) {
      return false;
    }
    if (before == null) {
      buckets[bucket] = entry.next;
    } else {
      before.next = entry.next;
    }
    entry.next = null;
    entry.inTable = false;
    size--;
    return true;
  }

  private void grow() {
    @Nullable FlowEntry[] old = buckets;
    buckets = new FlowEntry[old.length * 2];
    for (FlowEntry chain : old) {
      FlowEntry entry = chain;
      while (entry != null) {
        FlowEntry next = entry.next;
        push(entry);
        entry = next;
      }
    }
  }

  private void push(FlowEntry entry) {
    int bucket = bucket(entry.hash);
    entry.next = buckets[bucket];
    buckets[bucket] = entry;
  }

  private int bucket(long hash) {
    return (int) hash & buckets.length - 1;
  }
}
