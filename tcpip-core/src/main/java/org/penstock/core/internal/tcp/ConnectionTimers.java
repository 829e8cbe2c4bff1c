package org.penstock.core.internal.tcp;

import java.util.Arrays;
import org.penstock.core.internal.timer.Timer;
import org.penstock.core.internal.timer.TimerWheel;

/**
 * The deadlines of a connection. They live here; only the earliest is known to the cell's wheel.
 * Owned by the cell.
 */
final class ConnectionTimers extends Timer {

  /** What is not there when it should be is lost (RFC 8985 §6.3). */
  static final int REORDERING = 0;

  /** The tail loss probe (RFC 8985 §7); before retransmission, if both are due. */
  static final int PROBE = 1;

  /** Retransmission (RFC 6298), the handshake's included. */
  static final int RETRANSMIT = 2;

  /** Zero-window probes and the override of small segments (RFC 9293 §3.8.6). */
  static final int PERSIST = 3;

  /** The acknowledgement that waits for company (RFC 9293 §3.8.6.3). */
  static final int DELAYED_ACK = 4;

  /** Keep-alive (RFC 9293 §3.8.4). */
  static final int KEEP_ALIVE = 5;

  /** An orphan's end: in FIN-WAIT-2, or of the time it may linger. */
  static final int ORPHAN = 6;

  /** Memory was short; the user is told to try again. */
  static final int MEMORY = 7;

  /** What congestion control spreads may go on (pacing). */
  static final int PACING = 8;

  private static final int KINDS = 9;

  private final TimerWheel wheel;
  private final Connection connection;
  private final long[] deadlines = new long[KINDS];

  ConnectionTimers(TimerWheel wheel, Connection connection) {
    this.wheel = wheel;
    this.connection = connection;
    Arrays.fill(deadlines, TimerWheel.NEVER);
  }

  /** Sets a deadline, or moves it. */
  void arm(int kind, long at) {
    deadlines[kind] = at;
    schedule();
  }

  /** Takes a deadline away. */
  void cancel(int kind) {
    if (deadlines[kind] != TimerWheel.NEVER) {
      deadlines[kind] = TimerWheel.NEVER;
      schedule();
    }
  }

  /** Takes all deadlines away. */
  void cancelAll() {
    Arrays.fill(deadlines, TimerWheel.NEVER);
    wheel.cancel(this);
  }

  /** True if that deadline is set. */
  boolean isArmed(int kind) {
    return deadlines[kind] != TimerWheel.NEVER;
  }

  /** A deadline, or {@link TimerWheel#NEVER}. */
  long deadline(int kind) {
    return deadlines[kind];
  }

  /** True if any deadline is set. */
  boolean isAnyArmed() {
    return earliest() != TimerWheel.NEVER;
  }

  private void schedule() {
    wheel.schedule(this, earliest());
  }

  private long earliest() {
    long earliest = TimerWheel.NEVER;
    for (long deadline : deadlines) {
      earliest = Math.min(earliest, deadline);
    }
    return earliest;
  }

  @Override
  protected void expire(long now) {
    try {
      for (int kind = 0; kind < KINDS; kind++) {
        if (deadlines[kind] <= now) {
          deadlines[kind] = TimerWheel.NEVER;
          Timeouts.expired(connection, kind, now);
        }
      }
    } finally {
      schedule();
    }
  }
}
