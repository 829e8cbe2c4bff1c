package org.penstock.core.internal.ip;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.concurrency.Section;
import org.penstock.api.view.NeighbourView;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;

/**
 * A neighbour: one address on one slot's link. The control cell alone changes it; what senders need
 * stands in one atomic word, which they read from their cells without entering the control cell.
 *
 * <p>It is its own section, posted to the control cell by the first sender that uses it while its
 * state is {@link #STALE}, or doubts it.
 */
final class NeighbourEntry extends Section {

  /** Asked, no answer yet. */
  static final int INCOMPLETE = 0;

  /** Confirmed not long ago. */
  static final int REACHABLE = 1;

  /** Known, to be confirmed at its next use. */
  static final int STALE = 2;

  /** Known and in use, being confirmed. */
  static final int PROBE = 3;

  /** Did not answer. */
  static final int FAILED = 4;

  private static final int STATE_SHIFT = 48;
  private static final long MAC_MASK = (1L << STATE_SHIFT) - 1;

  private final Neighbours cache;
  private final AtomicBoolean posted = new AtomicBoolean();
  private volatile long word;
  private volatile long since;
  private volatile boolean doubted;

  final int slot;
  final long high;
  final long low;

  // Owned by the control cell.
  final CellTimer timer;
  int tries;
  @Nullable UnresolvedNeighbour askers;

  /** True once it was taken out of the table. */
  boolean removed;

  NeighbourEntry(Neighbours cache, Gate gate, int slot, long high, long low) {
    super(Homes.CONTROL);
    this.cache = cache;
    this.slot = slot;
    this.high = high;
    this.low = low;
    this.timer = gate.timer(Homes.CONTROL, () -> cache.expired(this));
  }

  /** The state and link address of this moment, for the methods below. From any thread. */
  long word() {
    return word;
  }

  /** Changes state and link address; in the control cell. */
  void become(int state, long mac, long now) {
    since = now;
    word = (long) state << STATE_SHIFT | mac;
  }

  static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  static long mac(long word) {
    return word & MAC_MASK;
  }

  /** True if frames can be sent to the link address. */
  static boolean isUsable(long word) {
    int state = state(word);
    return state != INCOMPLETE && state != FAILED;
  }

  int state() {
    return state(word);
  }

  long mac() {
    return mac(word);
  }

  /** When the present state began, in nanoseconds. */
  long since() {
    return since;
  }

  /** Says, from a sender's cell, that it was used while stale; the first to say so posts it. */
  void used(Gate gate) {
    if (!posted.get() && posted.compareAndSet(false, true)) {
      gate.post(this);
    }
  }

  /** Says, from a sender's cell, that what is sent to it stays unanswered. */
  void doubted(Gate gate) {
    doubted = true;
    used(gate);
  }

  @Override
  protected void run() {
    posted.set(false);
    if (doubted) {
      doubted = false;
      cache.doubted(this);
    }
    cache.usedWhileStale(this);
  }

  boolean is(int slotNumber, long addressHigh, long addressLow) {
    return slot == slotNumber && low == addressLow && high == addressHigh;
  }

  int hash() {
    return hash(slot, high, low);
  }

  static int hash(int slot, long high, long low) {
    return (int) Mix.of(high + slot, low);
  }

  IpAddress address() {
    return IpAddress.of(high, low, 0);
  }

  NeighbourView.State viewState() {
    return switch (state()) {
      case INCOMPLETE -> NeighbourView.State.INCOMPLETE;
      case REACHABLE -> NeighbourView.State.REACHABLE;
      case STALE, PROBE -> NeighbourView.State.STALE;
      default -> NeighbourView.State.FAILED;
    };
  }

  @Override
  public String toString() {
    return address() + " on slot " + slot + " " + viewState();
  }
}
