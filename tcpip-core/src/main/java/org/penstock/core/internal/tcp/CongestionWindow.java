package org.penstock.core.internal.tcp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.congestion.NewReno;

/**
 * A connection's side of congestion control: its state, the number of its algorithm, and what the
 * algorithm is told. Where the algorithm has gone the built-in one takes over. Owned by the cell.
 */
final class CongestionWindow {

  private final CongestionState state = new CongestionState();
  private final CongestionTable table;
  private final AckSample sample;
  private int number;
  private boolean limited;

  /**
   * Congestion control for a connection.
   *
   * @param sample one that all connections of the cell use in turn
   */
  CongestionWindow(CongestionTable table, AckSample sample) {
    this.table = table;
    this.sample = sample;
    this.number = table.preferred();
  }

  /** Begins with the initial window (RFC 6928). */
  void begin(int segmentSize, long now) {
    state.segmentSize(segmentSize);
    state.window(NewReno.initialWindow(segmentSize));
    algorithm(now).start(state, now);
  }

  /** Begins with one segment after all (RFC 5681 §3.1). */
  void restart(int segmentSize) {
    state.window(segmentSize);
  }

  /** How much may be in flight. */
  long window() {
    return state.window();
  }

  /** What the algorithm reads and writes. */
  CongestionState state() {
    return state;
  }

  /** Whether the window, and not the user or the peer, limits what is sent. */
  void limited(boolean is) {
    limited = is;
  }

  /** New data was acknowledged. */
  void acknowledged(
      int bytes,
      long roundTrip,
      long before,
      boolean recovering,
      boolean roundStart,
      RttEstimator rtt,
      long now) {
    rtt.describe(state);
    state.inFlight(Math.max(0, before - bytes));
    sample.clear();
    sample.acked(bytes, 0);
    sample.rtt(roundTrip);
    sample.priorInFlight(before);
    // RFC 7661 §4.2: a window that was not used says nothing. In slow start, as Linux, half is use.
    sample.windowLimited(limited || (state.inSlowStart() && state.window() < 2 * before));
    sample.inRecovery(recovering);
    sample.roundStart(roundStart);
    algorithm(now).acknowledged(state, sample, now);
  }

  /** Something else happened, with that much in flight. */
  void event(CongestionEvent event, long inFlight, RttEstimator rtt, long now) {
    rtt.describe(state);
    state.inFlight(inFlight);
    algorithm(now).event(state, event, now);
  }

  /** The segment size has changed. */
  void segmentSize(int bytes, long inFlight, RttEstimator rtt, long now) {
    state.segmentSize(bytes);
    state.window(state.window());
    event(CongestionEvent.SEGMENT_SIZE_CHANGED, inFlight, rtt, now);
  }

  /** The algorithm's name, for views. */
  String name() {
    CongestionControl found = table.find(number);
    return found == null ? table.builtIn().name() : found.name();
  }

  private CongestionControl algorithm(long now) {
    @Nullable CongestionControl found = table.find(number);
    if (found == null) {
      number = CongestionTable.BUILT_IN;
      found = table.builtIn();
      state.clearWords();
      found.start(state, now);
    }
    return found;
  }
}
