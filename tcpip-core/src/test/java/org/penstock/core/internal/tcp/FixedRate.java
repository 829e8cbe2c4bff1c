package org.penstock.core.internal.tcp;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;

/** Congestion control of a known path: a rate in bytes a second, a window that never limits. */
record FixedRate(long rate) implements CongestionControl {

  static final String NAME = "fixed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int words() {
    return 0;
  }

  @Override
  public void start(CongestionState state, long nowNanos) {
    state.window(1 << 20);
    state.pacingRate(rate);
  }

  @Override
  public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {}

  @Override
  public void event(CongestionState state, CongestionEvent event, long nowNanos) {}
}
