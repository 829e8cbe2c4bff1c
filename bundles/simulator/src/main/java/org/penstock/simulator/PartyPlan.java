package org.penstock.simulator;

import java.util.List;
import org.penstock.core.api.TcpSettings;

/**
 * How an application at one end of a connection behaves: what it sends and after what, how it
 * reads, how it ends.
 *
 * @param bursts what it sends, in order
 * @param mostPiece most bytes it sends by one request
 * @param mostRead most bytes it receives by one request
 * @param readPauseNanos how long it rests after each of these
 * @param ending what it does when all is sent
 * @param settings of its connection
 * @param blocks whether it has a thread for each direction, and makes blocking calls
 */
record PartyPlan(
    List<Burst> bursts,
    int mostPiece,
    int mostRead,
    long readPauseNanos,
    Ending ending,
    TcpSettings settings,
    boolean blocks) {

  /**
   * Bytes that wait for their turn.
   *
   * @param afterReceived how many bytes must have come from the peer; {@link #PEERS_END} for all
   *     and its release
   * @param pauseNanos how long to wait then
   * @param bytes how many to send
   */
  record Burst(long afterReceived, long pauseNanos, long bytes) {

    /** Not before the peer has released its direction. */
    static final long PEERS_END = Long.MAX_VALUE;
  }

  /** How a party ends its side. */
  enum Ending {
    /** Releases its direction when all is sent, and reads to the peer's end. */
    RELEASE,
    /** As {@link #RELEASE}, but not before the peer has released its own. */
    RELEASE_LAST,
    /** Releases, and closes its endpoint at once: the stack sees to the rest. */
    RELEASE_AND_CLOSE,
    /** Aborts when all is sent. */
    ABORT
  }

  /** Copies the list. */
  PartyPlan {
    bursts = List.copyOf(bursts);
  }

  /** All it sends. */
  long bytes() {
    return bursts.stream().mapToLong(Burst::bytes).sum();
  }
}
