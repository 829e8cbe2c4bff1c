package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What connections do when the interface they go by has a driver or a link again: those that wait
 * for a retransmission do not wait for what their timer was backed off to while nothing could
 * arrive. Link indications are to start transmissions sooner and to change nothing else (RFC 4907
 * §2.3.2): congestion control was told of the loss by the timer, if it has expired, and is not told
 * again; the back-off is undone as by RFC 6069 §3, whose loss of connectivity this is.
 *
 * <p>It goes through the connections of a cell, in bounded turns. Owned by the cell.
 */
final class Restoration {

  /** Connections of a turn. */
  private static final int BATCH = 64;

  private static final int NONE = Integer.MIN_VALUE;
  private static final int EVERY = Integer.MIN_VALUE + 1;

  private @Nullable Connection next;
  private int slot = NONE;

  /** An interface is back: begins with the first connection of the cell, or again. */
  void begin(int restored, @Nullable Connection first) {
    slot = slot == NONE || slot == restored ? restored : EVERY;
    next = first;
  }

  /** A connection leaves the list. */
  void removed(Connection connection) {
    if (next == connection) {
      next = connection.nextPcb;
    }
  }

  /** A turn; true if there is more to do. */
  boolean turn(long now) {
    for (int i = 0; i < BATCH && next != null; i++) {
      Connection connection = next;
      next = connection.nextPcb;
      if (slot == EVERY || connection.isBy(slot)) {
        restore(connection, now);
      }
    }
    if (next == null) {
      slot = NONE;
    }
    return next != null;
  }

  private static void restore(Connection connection, long now) {
    if (connection.state().isHandshake()) {
      connection.sender().timers().restoreHandshake(now);
    } else {
      connection.sender().timers().restore(now);
    }
  }
}
