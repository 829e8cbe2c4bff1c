package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Chunk;

/**
 * A neighbour whose link address a cell waits for: the request to the control cell, which is this
 * section itself, the answer, and what waits meanwhile. Asked once and answered once.
 */
final class UnresolvedNeighbour extends Section {

  /** Copied packets that wait for one neighbour, at most; the oldest gives way. */
  static final int MOST_PACKETS = 16;

  private final Neighbours cache;
  private final Answer answer;

  final int slot;
  final long high;
  final long low;

  // Owned by the cell that asks.
  final TransmitWaiters waiters = new TransmitWaiters();
  private final @Nullable Chunk[] packets = new @Nullable Chunk[MOST_PACKETS];
  private final int[] lengths = new int[MOST_PACKETS];
  private final int[] mtus = new int[MOST_PACKETS];
  private int oldest;
  private int count;

  // Owned by the control cell until the answer is posted, then by the cell that asked.
  @Nullable UnresolvedNeighbour nextAsker;
  private boolean resolved;

  UnresolvedNeighbour(
      Neighbours cache, UnresolvedNeighbours owner, int cell, int slot, long high, long low) {
    super(Homes.CONTROL);
    this.cache = cache;
    this.slot = slot;
    this.high = high;
    this.low = low;
    this.answer = new Answer(owner, cell, this);
  }

  @Override
  protected void run() {
    cache.ask(this);
  }

  /** Sets the answer. */
  void answer(boolean found) {
    resolved = found;
  }

  /** The section that carries the answer to the cell that asked. */
  Section answer() {
    return answer;
  }

  boolean isResolved() {
    return resolved;
  }

  boolean is(int slotNumber, long addressHigh, long addressLow) {
    return slot == slotNumber && low == addressLow && high == addressHigh;
  }

  int packets() {
    return count;
  }

  boolean isFull() {
    return count == MOST_PACKETS;
  }

  /**
   * Appends a packet; there must be room.
   *
   * @param mtu of its path, for a packet that is longer than that
   */
  void add(Chunk packet, int length, int mtu) {
    int at = (oldest + count) % MOST_PACKETS;
    packets[at] = packet;
    lengths[at] = length;
    mtus[at] = mtu;
    count++;
  }

  /** Bytes of the oldest packet. */
  int length() {
    return lengths[oldest];
  }

  /** The oldest packet, or null. */
  @Nullable Chunk oldest() {
    return packets[oldest];
  }

  /** The MTU of the oldest packet's path. */
  int mtu() {
    return mtus[oldest];
  }

  /** Takes the oldest packet out, or null. */
  @Nullable Chunk poll() {
    Chunk packet = packets[oldest];
    if (packet != null) {
      packets[oldest] = null;
      oldest = (oldest + 1) % MOST_PACKETS;
      count--;
    }
    return packet;
  }

  private static final class Answer extends Section {
    private final UnresolvedNeighbours owner;
    private final UnresolvedNeighbour question;

    Answer(UnresolvedNeighbours owner, int cell, UnresolvedNeighbour question) {
      super(cell);
      this.owner = owner;
      this.question = question;
    }

    @Override
    protected void run() {
      owner.answered(question, this);
    }
  }
}
