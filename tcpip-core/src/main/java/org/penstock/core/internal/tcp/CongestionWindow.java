package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.congestion.NewReno;

/**
 * A connection's side of congestion control: its state, the number of its algorithm, and what the
 * algorithm is told. Where another algorithm is to be used, since the user, the stack or the
 * bundles there are want it so, that one takes over at the next occasion. Owned by the cell.
 */
final class CongestionWindow {

  private static final int NONE = -1;

  private final CongestionState state = new CongestionState();
  private final CongestionTable table;
  private final AckSample sample;
  private String own;
  private int number = NONE;
  private int version;
  private boolean limited;

  /**
   * Congestion control for a connection.
   *
   * @param sample one that all connections of the cell use in turn
   * @param own the name of the algorithm that the user wants, empty for the stack's
   */
  CongestionWindow(CongestionTable table, AckSample sample, String own) {
    this.table = table;
    this.sample = sample;
    this.own = own;
  }

  /** Begins with the initial window (RFC 6928). */
  void begin(int segmentSize, long now) {
    state.segmentSize(segmentSize);
    state.window(NewReno.initialWindow(segmentSize));
    takeOver(now);
  }

  /** The user wants the algorithm of that name, an empty one for the stack's. */
  void use(String name, long now) {
    own = name;
    if (number != NONE) {
      takeOver(now);
    }
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

  /**
   * New data was acknowledged.
   *
   * @param bytes that SND.UNA has advanced by
   * @param before what was in flight before, and
   * @param inFlight after that
   * @param holds true if it does not open the window: in recovery, or where it echoes a mark (RFC
   *     3168 §6.1.2)
   */
  void acknowledged(
      int bytes,
      Delivery delivery,
      DeliveryRate rate,
      long before,
      long inFlight,
      boolean holds,
      RttEstimator rtt) {
    rtt.describe(state);
    state.inFlight(inFlight);
    sample.clear();
    sample.acked(bytes, delivery.selective());
    sample.rtt(delivery.rtt());
    sample.priorInFlight(before);
    rate.acknowledged(delivery, rtt.minimum(), sample);
    // RFC 7661 §4.2: a window that was not used says nothing. In slow start, as Linux, half is use.
    sample.windowLimited(limited || (state.inSlowStart() && state.window() < 2 * before));
    sample.inRecovery(holds);
    algorithm(delivery.now()).acknowledged(state, sample, delivery.now());
  }

  /** Something else happened, with that much in flight; before it has begun that is nothing. */
  void event(CongestionEvent event, long inFlight, RttEstimator rtt, long now) {
    if (number == NONE) {
      return;
    }
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
    return table.name(table.choice(own));
  }

  private CongestionControl algorithm(long now) {
    CongestionControl found = version == table.version() ? table.find(number) : null;
    return found != null ? found : takeOver(now);
  }

  /** Has the algorithm of the hour go on from the windows there are. */
  private CongestionControl takeOver(long now) {
    // First, so that a change that comes meanwhile is seen the next time.
    version = table.version();
    int chosen = table.choice(own);
    CongestionControl found = table.find(chosen);
    if (found == null) {
      chosen = CongestionTable.BUILT_IN;
      found = table.builtIn();
    }
    if (chosen != number) {
      number = chosen;
      state.clearWords();
      state.pacingRate(0);
      found.start(state, now);
    }
    return found;
  }
}
