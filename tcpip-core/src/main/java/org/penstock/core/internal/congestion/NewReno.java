package org.penstock.core.internal.congestion;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.core.api.CongestionControls;

/**
 * The congestion control of RFC 5681: slow start, congestion avoidance, halving at loss. It is
 * built in, and stands in wherever a plugged-in algorithm has gone. Recovery itself (RFC 6582) is
 * the core's.
 */
public final class NewReno implements CongestionControl {

  /** Its name. */
  public static final String NAME = CongestionControls.BUILT_IN;

  /** Bytes acknowledged in congestion avoidance that have not moved the window yet. */
  private static final int ACKED = 0;

  /** 1 from a timeout until slow start has ended. */
  private static final int AFTER_TIMEOUT = 1;

  /** The window before the last reduction. */
  private static final int FORMER_WINDOW = 2;

  /** The threshold before the last reduction. */
  private static final int FORMER_THRESHOLD = 3;

  private static final int WORDS = 4;

  /** The algorithm; it has no state. */
  public NewReno() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int words() {
    return WORDS;
  }

  @Override
  public void start(CongestionState state, long nowNanos) {
    // The windows so far are as good as any.
    state.pacingRate(0);
  }

  @Override
  public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {
    if (sample.inRecovery() || !sample.windowLimited()) {
      return;
    }
    long acked = sample.newlyAcked();
    if (state.inSlowStart()) {
      acked = slowStart(state, acked);
      if (acked == 0) {
        return;
      }
    }
    avoid(state, acked);
  }

  /** Returns what is left of the bytes for congestion avoidance. */
  private static long slowStart(CongestionState state, long acked) {
    // RFC 3465 §2.3: after a timeout one segment an acknowledgement, since what is acknowledged may
    // have been sent before it. Else all that was acknowledged. Differs from RFC 5681 §3.1 (one
    // segment an acknowledgement), because peers with receive coalescing acknowledge 64 KiB at once
    // and slow start would be tenfold slower; Linux does the same.
    long most = state.word(AFTER_TIMEOUT) != 0 ? state.segmentSize() : Long.MAX_VALUE;
    long growth = Math.min(Math.min(acked, most), state.threshold() - state.window());
    state.window(state.window() + growth);
    if (state.inSlowStart()) {
      return 0;
    }
    state.word(AFTER_TIMEOUT, 0);
    return most == Long.MAX_VALUE ? acked - growth : 0;
  }

  private static void avoid(CongestionState state, long acked) {
    // RFC 3465 §2.1: one segment for each window of bytes acknowledged.
    long sum = state.word(ACKED) + acked;
    long window = state.window();
    if (sum >= window) {
      sum = Math.min(sum - window, window);
      state.window(window + state.segmentSize());
    }
    state.word(ACKED, sum);
  }

  @Override
  public void event(CongestionState state, CongestionEvent event, long nowNanos) {
    switch (event) {
      case LOSS -> {
        reduce(state);
        state.window(state.threshold());
      }
      case ECN_ECHO -> {
        reduce(state);
        // RFC 3168 §6.1.2: the threshold is two segments at least, the window one; it never opens.
        long half = Math.max(state.inFlight() / 2, state.segmentSize());
        state.window(Math.min(state.window(), half));
      }
      case TIMEOUT -> {
        // RFC 5681 §3.1: when a retransmission itself is lost the threshold stays, since what is
        // in flight then says nothing.
        if (state.word(AFTER_TIMEOUT) == 0 || state.window() > state.segmentSize()) {
          reduce(state);
        }
        state.word(AFTER_TIMEOUT, 1);
        state.window(state.segmentSize());
      }
      case RECOVERED -> {
        // RFC 6582 §3.2 step 3 (1): no burst, where little is left in flight.
        long little = Math.max(state.inFlight(), state.segmentSize()) + state.segmentSize();
        state.window(Math.min(Math.min(state.threshold(), state.window()), little));
        state.word(ACKED, 0);
      }
      case SPURIOUS -> {
        if (state.word(FORMER_WINDOW) > 0) {
          state.window(Math.max(state.window(), state.word(FORMER_WINDOW)));
          state.threshold(Math.max(state.threshold(), state.word(FORMER_THRESHOLD)));
          state.word(FORMER_WINDOW, 0);
          state.word(AFTER_TIMEOUT, 0);
        }
      }
      case IDLE_RESTART ->
          // RFC 5681 §4.1: the restart window, at most the initial one.
          state.window(Math.min(state.window(), initialWindow(state.segmentSize())));
      case SEGMENT_SIZE_CHANGED -> state.window(Math.max(state.window(), state.segmentSize()));
    }
  }

  private static void reduce(CongestionState state) {
    state.word(FORMER_WINDOW, state.window());
    state.word(FORMER_THRESHOLD, state.threshold());
    // RFC 5681 §3.1, equation 4.
    state.threshold(Math.max(state.inFlight() / 2, 2L * state.segmentSize()));
    state.word(ACKED, 0);
  }

  /** The initial window for a segment size, both in bytes (RFC 6928 §2). */
  public static long initialWindow(int segmentSize) {
    return Math.min(10L * segmentSize, Math.max(2L * segmentSize, 14_600));
  }
}
