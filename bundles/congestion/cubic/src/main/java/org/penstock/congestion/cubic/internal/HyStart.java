package org.penstock.congestion.cubic.internal;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionState;

/**
 * HyStart++ (RFC 9406): ends the first slow start of a connection where the round-trip time begins
 * to rise, before the queue on the path overflows. First conservatively (CSS), in case that it was
 * a jitter.
 */
public final class HyStart {

  // RFC 9406 §4.3.
  private static final long LEAST_RISE = 4_000_000;
  private static final long MOST_RISE = 16_000_000;
  private static final int RISE_DIVISOR = 8;
  private static final int SAMPLES = 8;
  private static final int GROWTH_DIVISOR = 4;
  private static final int CONSERVATIVE_ROUNDS = 5;

  /** Segments by which an acknowledgement raises the window at most, of a sender without pacing. */
  private static final int BURST = 8;

  // Words. A round-trip time of 0 is none, RFC 9406's infinity.
  private static final int LAST_ROUND = Words.SHARED;
  private static final int CURRENT_ROUND = Words.SHARED + 1;

  /** cssBaselineMinRtt; 0 outside of conservative slow start. */
  private static final int BASELINE = Words.SHARED + 2;

  private static final int SAMPLE_COUNT = Words.SHARED + 3;
  private static final int ROUND_COUNT = Words.SHARED + 4;

  private HyStart() {}

  /** True if slow start goes on conservatively. */
  public static boolean isConservative(CongestionState state) {
    return state.word(BASELINE) != 0;
  }

  /** By how much an acknowledgement of so many bytes raises the window in slow start (§4.2). */
  public static long growth(CongestionState state, long acked, boolean initial) {
    // §4.2: L is 8 for a sender that does not pace, and without bound for one that does.
    long most = state.pacingRate() > 0 ? Long.MAX_VALUE : (long) BURST * state.segmentSize();
    long bytes = Math.min(acked, most);
    return initial && isConservative(state) ? bytes / GROWTH_DIVISOR : bytes;
  }

  /**
   * Takes what an acknowledgement says of the round-trip time, during the first slow start.
   *
   * @return true if slow start ends here
   */
  public static boolean observe(CongestionState state, AckSample sample) {
    if (sample.roundStart() && beginRound(state)) {
      return true;
    }
    if (sample.rtt() <= 0) {
      return false;
    }
    long current = state.word(CURRENT_ROUND);
    current = current == 0 ? sample.rtt() : Math.min(current, sample.rtt());
    state.word(CURRENT_ROUND, current);
    long count = Math.min(state.word(SAMPLE_COUNT) + 1, SAMPLES);
    state.word(SAMPLE_COUNT, count);
    if (count < SAMPLES) {
      return false;
    }
    long last = state.word(LAST_ROUND);
    if (isConservative(state)) {
      if (current < state.word(BASELINE)) {
        // It was a jitter: slow start goes on.
        state.word(BASELINE, 0);
        state.word(ROUND_COUNT, 0);
      }
    } else if (last != 0
        && current - last >= Math.clamp(last / RISE_DIVISOR, LEAST_RISE, MOST_RISE)) {
      state.word(BASELINE, current);
      state.word(ROUND_COUNT, 0);
    }
    return false;
  }

  private static boolean beginRound(CongestionState state) {
    state.word(LAST_ROUND, state.word(CURRENT_ROUND));
    state.word(CURRENT_ROUND, 0);
    state.word(SAMPLE_COUNT, 0);
    if (!isConservative(state)) {
      return false;
    }
    // The round in which it began counts, part as it was.
    long rounds = state.word(ROUND_COUNT) + 1;
    state.word(ROUND_COUNT, rounds);
    return rounds >= CONSERVATIVE_ROUNDS;
  }
}
