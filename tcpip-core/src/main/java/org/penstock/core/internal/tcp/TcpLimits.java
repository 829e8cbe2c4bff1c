package org.penstock.core.internal.tcp;

import org.penstock.core.internal.memory.MemoryPressure;

/** The numbers TCP works with. Times are in nanoseconds, sizes in bytes. */
final class TcpLimits {

  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1_000 * MILLISECOND;

  /** RFC 6298 §2.1: the retransmission timeout before the first sample. */
  static final long INITIAL_RTO = SECOND;

  /** RFC 6298 §5.7: the timeout to go on with if the SYN had to be sent again. */
  static final long RTO_AFTER_SYN_LOSS = 3 * SECOND;

  /** RFC 6298 §2.5: at least 60 s. */
  static final long MAXIMUM_RTO = 60 * SECOND;

  /** R1 of RFC 9293 §3.8.3 (SHLD-10): at least three retransmissions. */
  static final int TROUBLE_RETRANSMISSIONS = 3;

  /**
   * Retransmissions of a segment before a connection is given up: R2 of RFC 9293 §3.8.3, which asks
   * for at least 100 s; with the least timeout of 200 ms this takes 522 s.
   */
  static final int RETRANSMISSIONS = 15;

  /** The same for an orphan, whom nobody waits for. */
  static final int ORPHAN_RETRANSMISSIONS = 8;

  /** RFC 9293 §3.8.3: R2 of a SYN is at least 3 minutes; 1 + 2 + 4 + … + 60 + 60 = 183 s. */
  static final int SYN_RETRANSMISSIONS = 7;

  /**
   * Retransmissions of a SYN,ACK. Differs from RFC 9293 §3.8.3 (3 minutes), because a silent peer
   * must not hold a place of the backlog for so long; as Linux, 63 s.
   */
  static final int SYN_ACK_RETRANSMISSIONS = 5;

  /** Unanswered zero-window or keep-alive probes before a connection is given up. */
  static final int PROBES = 15;

  /** Unanswered keep-alive probes before a connection is given up. */
  static final int KEEP_ALIVE_PROBES = 9;

  /** Time between keep-alive probes. */
  static final long KEEP_ALIVE_INTERVAL = 75 * SECOND;

  /** How long a small segment waits that the user said more will follow: as Linux does for cork. */
  static final long OVERRIDE = 200 * MILLISECOND;

  /** How long an orphan waits in FIN-WAIT-2 for the peer's FIN. */
  static final long ORPHAN_FIN_WAIT = 60 * SECOND;

  /** Least time between two challenge ACKs of a connection (RFC 5961 §7). */
  static final long CHALLENGE_INTERVAL = 500 * MILLISECOND;

  /** When to ask for memory again. */
  static final long MEMORY_RETRY = 50 * MILLISECOND;

  /** The peer's segment size where it names none, for IPv4 (RFC 9293 §3.7.1). */
  static final int DEFAULT_SEGMENT_IPV4 = 536;

  /** The same for IPv6. */
  static final int DEFAULT_SEGMENT_IPV6 = 1220;

  /**
   * Least segment size believed: one byte each would cost a thousandfold. As Linux, though RFC 9293
   * §3.7.1 sets no bound.
   */
  static final int LEAST_SEGMENT = 48;

  /** Receive and send buffer above the soft memory limit. */
  static final int SCARCE_BUFFER = 32 << 10;

  /** Least receive and send buffer. */
  static final int LEAST_BUFFER = 4096;

  /**
   * What a connection's receive limit begins with: enough for the first round trips of a peer in
   * slow start (RFC 6928), until {@link ReceiveSizing} has seen what its user takes.
   */
  static final int INITIAL_RECEIVE = 128 << 10;

  /**
   * The least time that receive sizing looks at. Between two programs of one machine a round trip
   * is shorter than a user's turn.
   */
  static final long SIZING_PERIOD = 4 * MILLISECOND;

  /** The least a send queue takes that follows the congestion window. */
  static final int LEAST_SEND_ROOM = 256 << 10;

  /** Largest window that window scale can express (RFC 7323 §2.3). */
  static final int LARGEST_WINDOW = 1 << 30;

  /** Bytes a connection sends before others of its cell have their turn. */
  static final int SEND_BUDGET = 256 << 10;

  /** Duplicate acknowledgements owed at most at the end of an occupation. */
  static final int DUPLICATES_OWED = 64;

  /** Connections that a call of {@link TcpLayer#resetAll} resets. */
  static final int RESETS_A_CALL = 64;

  private static final int ORPHANS = 16 << 10;
  private static final int TIME_WAITS = 256 << 10;

  private TcpLimits() {}

  /** Orphans a cell keeps: fewer while memory is scarce, for nobody waits for them. */
  static int orphans(int cells, MemoryPressure pressure) {
    int most = Math.max(64, ORPHANS / cells);
    return switch (pressure) {
      case NONE -> most;
      case SOFT -> most / 4;
      case HARD -> 0;
    };
  }

  /**
   * A limit of what a connection holds, in one direction, while memory is scarce: whatever it was
   * before, and whoever named it.
   */
  static int scarce(int limit, MemoryPressure pressure) {
    return switch (pressure) {
      case NONE -> limit;
      case SOFT -> Math.min(limit, SCARCE_BUFFER);
      case HARD -> Math.min(limit, LEAST_BUFFER);
    };
  }

  /** TIME-WAITs a cell keeps. */
  static int timeWaits(int cells) {
    return Math.max(256, TIME_WAITS / cells);
  }

  /** A buffer limit as it was asked for, 0 for the stack's own. */
  static int buffer(int wanted, int stacks) {
    return Math.clamp(wanted == 0 ? stacks : wanted, LEAST_BUFFER, LARGEST_WINDOW);
  }
}
