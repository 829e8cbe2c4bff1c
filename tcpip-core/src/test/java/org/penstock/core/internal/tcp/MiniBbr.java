package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;

/**
 * The essence of BBR (draft-cardwell-iccrg-bbr-congestion-control): a model of the path, its
 * bandwidth and its round-trip time, and a rate made from it. It stands for the algorithms that the
 * contract must be able to carry; it has neither PROBE_RTT nor any answer to loss.
 */
final class MiniBbr implements CongestionControl {

  // Words.
  private static final int PHASE = 0;
  private static final int BANDWIDTH = 1;
  private static final int FORMER_BANDWIDTH = 2;
  private static final int ROUNDS = 3;
  private static final int FULL_BANDWIDTH = 4;
  private static final int FULL_ROUNDS = 5;
  private static final int CYCLE = 6;
  private static final int CYCLE_BEGAN = 7;
  private static final int WORDS = 8;

  private static final long STARTUP = 0;
  private static final long DRAIN = 1;
  private static final long PROBE = 2;

  private static final long SECOND = 1_000_000_000L;

  /** In hundredths. */
  private static final long HIGH_GAIN = 289;

  private static final long DRAIN_GAIN = 35;
  private static final long[] CYCLE_GAINS = {125, 75, 100, 100, 100, 100, 100, 100};

  /** Of the two halves that the maximum is taken over. */
  private static final int ROUNDS_A_HALF = 5;

  @Override
  public String name() {
    return "minibbr";
  }

  @Override
  public int words() {
    return WORDS;
  }

  @Override
  public void start(CongestionState state, long nowNanos) {
    long rtt = state.smoothedRtt() == 0 ? 1_000_000 : state.smoothedRtt();
    state.pacingRate(Math.max(1, HIGH_GAIN * state.window() / 100 * SECOND / rtt));
  }

  @Override
  public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {
    if (sample.roundStart()) {
      round(state);
    }
    if (sample.interval() > 0) {
      long rate = sample.delivered() * SECOND / sample.interval();
      if (!sample.applicationLimited() || rate > bandwidth(state)) {
        state.word(BANDWIDTH, Math.max(state.word(BANDWIDTH), rate));
      }
    }
    if (bandwidth(state) == 0 || state.minimumRtt() == Long.MAX_VALUE) {
      return;
    }
    long product = bandwidth(state) * (state.minimumRtt() / 1000) / 1_000_000;
    advance(state, product, nowNanos);
    state.pacingRate(Math.max(1, gain(state) * bandwidth(state) / 100));
    state.window(Math.max(2 * product, 4L * state.segmentSize()));
  }

  private static void round(CongestionState state) {
    if (state.word(PHASE) == STARTUP) {
      // The pipe is full where three rounds did not bring a quarter more.
      if (bandwidth(state) * 4 >= state.word(FULL_BANDWIDTH) * 5) {
        state.word(FULL_BANDWIDTH, bandwidth(state));
        state.word(FULL_ROUNDS, 0);
      } else {
        state.word(FULL_ROUNDS, state.word(FULL_ROUNDS) + 1);
      }
    }
    state.word(ROUNDS, state.word(ROUNDS) + 1);
    if (state.word(ROUNDS) % ROUNDS_A_HALF == 0) {
      state.word(FORMER_BANDWIDTH, state.word(BANDWIDTH));
      state.word(BANDWIDTH, 0);
    }
  }

  private static long bandwidth(CongestionState state) {
    return Math.max(state.word(BANDWIDTH), state.word(FORMER_BANDWIDTH));
  }

  private static void advance(CongestionState state, long product, long now) {
    if (state.word(PHASE) == STARTUP && state.word(FULL_ROUNDS) >= 3) {
      state.word(PHASE, DRAIN);
    }
    if (state.word(PHASE) == DRAIN && state.inFlight() <= product) {
      state.word(PHASE, PROBE);
      state.word(CYCLE, 2);
      state.word(CYCLE_BEGAN, now);
    }
    if (state.word(PHASE) == PROBE && now - state.word(CYCLE_BEGAN) > state.minimumRtt()) {
      state.word(CYCLE, (state.word(CYCLE) + 1) % CYCLE_GAINS.length);
      state.word(CYCLE_BEGAN, now);
    }
  }

  private static long gain(CongestionState state) {
    if (state.word(PHASE) == STARTUP) {
      return HIGH_GAIN;
    }
    return state.word(PHASE) == DRAIN ? DRAIN_GAIN : CYCLE_GAINS[(int) state.word(CYCLE)];
  }

  @Override
  public void event(CongestionState state, CongestionEvent event, long nowNanos) {
    // The model says it all; what was lost is the core's to repair.
  }
}
