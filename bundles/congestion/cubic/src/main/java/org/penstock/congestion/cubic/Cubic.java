package org.penstock.congestion.cubic;

import static org.penstock.congestion.cubic.internal.Words.AFTER_TIMEOUT;
import static org.penstock.congestion.cubic.internal.Words.EPOCH;
import static org.penstock.congestion.cubic.internal.Words.ESTIMATE;
import static org.penstock.congestion.cubic.internal.Words.ESTIMATE_REMAINDER;
import static org.penstock.congestion.cubic.internal.Words.MAXIMUM;
import static org.penstock.congestion.cubic.internal.Words.PAUSED;
import static org.penstock.congestion.cubic.internal.Words.PAUSED_AT;
import static org.penstock.congestion.cubic.internal.Words.PLATEAU_AFTER;
import static org.penstock.congestion.cubic.internal.Words.PRIOR;
import static org.penstock.congestion.cubic.internal.Words.REMAINDER;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.congestion.cubic.internal.CubicFunction;
import org.penstock.congestion.cubic.internal.HyStart;
import org.penstock.congestion.cubic.internal.Undo;
import org.penstock.congestion.cubic.internal.Words;

/**
 * CUBIC (RFC 9438): after a reduction the window grows as a cubic function of time, fast towards
 * the size at which loss was met last, slowly around it, fast again beyond; and never more slowly
 * than Reno. The first slow start ends by HyStart++ (RFC 9406). Windows are in bytes.
 */
public final class Cubic implements CongestionControl {

  /** The algorithm's name. */
  public static final String ALGORITHM = "cubic";

  /** No window is larger: window scale can't express it (RFC 7323 §2.3). */
  private static final long MOST = 1L << 30;

  /** An algorithm without settings. */
  public Cubic() {}

  @Override
  public String name() {
    return ALGORITHM;
  }

  @Override
  public int words() {
    return CongestionState.WORDS;
  }

  @Override
  public void start(CongestionState state, long nowNanos) {
    // The windows so far are as good as any. Without a W_max the first epoch begins on its
    // plateau.
    state.pacingRate(0);
  }

  // ---- acknowledgements ----

  @Override
  public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {
    if (sample.inRecovery()) {
      return;
    }
    boolean initial = state.threshold() == CongestionState.UNLIMITED;
    if (initial && HyStart.observe(state, sample)) {
      // RFC 9406 §4.2; RFC 9438 §4.10: slow start has ended without a loss.
      state.threshold(state.window());
      state.word(PRIOR, state.window());
    }
    if (!sample.windowLimited()) {
      pause(state, nowNanos);
      return;
    }
    long acked = Math.min(sample.newlyAcked(), MOST);
    if (acked <= 0 || state.window() >= MOST) {
      return;
    }
    if (state.inSlowStart()) {
      slowStart(state, acked, initial);
    } else {
      avoid(state, acked, nowNanos);
    }
  }

  private static void slowStart(CongestionState state, long acked, boolean initial) {
    // RFC 3465 §2.3: after a timeout one segment an acknowledgement, since what is acknowledged may
    // have been sent before it.
    long growth =
        Words.has(state, AFTER_TIMEOUT)
            ? Math.min(acked, state.segmentSize())
            : HyStart.growth(state, acked, initial);
    state.window(Math.min(state.window() + growth, state.threshold()));
    if (!state.inSlowStart()) {
      Words.clear(state, AFTER_TIMEOUT);
    }
  }

  /** RFC 9438 §4.2 to §4.5. */
  private static void avoid(CongestionState state, long acked, long now) {
    if (state.word(ESTIMATE) == 0) {
      begin(state, now);
    }
    resume(state, now);
    long window = state.window();
    long time = now - state.word(EPOCH);
    long estimate = estimate(state, acked);
    if (at(state, time) < estimate) {
      // §4.3: the Reno-friendly region.
      state.window(Math.max(window, Math.min(estimate, MOST)));
      return;
    }
    // §4.4 and §4.5: towards what the function says of the next round trip, by (target - cwnd) in
    // a window of acknowledgements.
    long target = Math.clamp(at(state, time + state.smoothedRtt()), window, window + window / 2);
    long growth = (target - window) * Math.min(acked, window) + state.word(REMAINDER);
    state.window(Math.min(window + growth / window, MOST));
    state.word(REMAINDER, growth % window);
  }

  private static long at(CongestionState state, long time) {
    return CubicFunction.window(
        time, state.word(PLATEAU_AFTER), state.word(MAXIMUM), state.segmentSize());
  }

  /** A stage of congestion avoidance begins. */
  private static void begin(CongestionState state, long now) {
    long window = state.window();
    state.word(EPOCH, now);
    state.word(ESTIMATE, window);
    state.word(ESTIMATE_REMAINDER, 0);
    state.word(REMAINDER, 0);
    Words.clear(state, PAUSED);
    if (state.word(MAXIMUM) <= window) {
      // §4.8 and §4.10: after a timeout, or a slow start without loss, it is all beyond the
      // plateau.
      state.word(MAXIMUM, window);
      state.word(PLATEAU_AFTER, 0);
    } else {
      long difference = state.word(MAXIMUM) - window;
      state.word(PLATEAU_AFTER, CubicFunction.plateauAfter(difference, state.segmentSize()));
    }
  }

  /** §4.3, Figure 4: what Reno's window would be, were it reduced by as little as ours. */
  private static long estimate(CongestionState state, long acked) {
    long estimate = state.word(ESTIMATE);
    // alpha_cubic is 3 * (1 - beta) / (1 + beta) = 9/17, and 1 from where the last window was.
    int alpha = estimate < state.word(PRIOR) ? 9 : 17;
    long divisor = 17 * state.window();
    long growth = alpha * state.segmentSize() * acked + state.word(ESTIMATE_REMAINDER);
    estimate += growth / divisor;
    state.word(ESTIMATE, estimate);
    state.word(ESTIMATE_REMAINDER, growth % divisor);
    return estimate;
  }

  /** §4.2: t must not include the time in which the application did not use the window. */
  private static void pause(CongestionState state, long now) {
    if (!Words.has(state, PAUSED)) {
      Words.set(state, PAUSED);
      state.word(PAUSED_AT, now);
    }
  }

  private static void resume(CongestionState state, long now) {
    if (Words.has(state, PAUSED)) {
      Words.clear(state, PAUSED);
      state.word(EPOCH, state.word(EPOCH) + now - state.word(PAUSED_AT));
    }
  }

  // ---- events ----

  @Override
  public void event(CongestionState state, CongestionEvent event, long nowNanos) {
    switch (event) {
      case LOSS -> {
        Undo.save(state);
        reduce(state);
        state.window(state.threshold());
      }
      case ECN_ECHO -> {
        // §4.6. A mark is no mistake: nothing of it is taken back.
        Undo.forget(state);
        reduce(state);
        state.window(Math.max(flightReduced(state), state.segmentSize()));
      }
      case TIMEOUT -> timeout(state);
      // RFC 9937 §6.2: the core has brought what is in flight there by now.
      case RECOVERED -> state.window(Math.min(state.window(), state.threshold()));
      case SPURIOUS -> Undo.restore(state);
      case IDLE_RESTART -> {
        // RFC 5681 §4.1: the restart window, at most the initial one; then slow start back.
        state.window(Math.min(state.window(), initialWindow(state.segmentSize())));
        state.word(ESTIMATE, 0);
      }
      case SEGMENT_SIZE_CHANGED -> {
        // K is in seconds for segments of the old size.
        state.window(Math.max(state.window(), state.segmentSize()));
        state.word(ESTIMATE, 0);
      }
    }
  }

  /** RFC 9438 §4.6 and §4.7; leaves the window as it is. */
  private static void reduce(CongestionState state) {
    long window = state.window();
    // §4.7, fast convergence: who can't get as far as last time makes room for new flows.
    // (1 + beta) / 2 is 17/20.
    boolean less = window < state.word(MAXIMUM);
    state.word(MAXIMUM, less ? window / 20 * 17 : window);
    state.word(PRIOR, window);
    state.word(ESTIMATE, 0);
    state.threshold(Math.max(flightReduced(state), 2L * state.segmentSize()));
  }

  /** flight_size * beta_cubic, which is 0.7. */
  private static long flightReduced(CongestionState state) {
    return state.inFlight() / 10 * 7 + state.inFlight() % 10 * 7 / 10;
  }

  /** §4.8. */
  private static void timeout(CongestionState state) {
    // RFC 5681 §3.1: when a retransmission itself is lost the threshold stays, since what is in
    // flight then says nothing.
    if (!Words.has(state, AFTER_TIMEOUT) || state.window() > state.segmentSize()) {
      Undo.save(state);
      reduce(state);
    }
    // The next epoch begins on its plateau.
    state.word(MAXIMUM, 0);
    state.word(ESTIMATE, 0);
    Words.set(state, AFTER_TIMEOUT);
    state.window(state.segmentSize());
  }

  /** RFC 6928 §2. */
  private static long initialWindow(int segmentSize) {
    return Math.min(10L * segmentSize, Math.max(2L * segmentSize, 14_600));
  }
}
