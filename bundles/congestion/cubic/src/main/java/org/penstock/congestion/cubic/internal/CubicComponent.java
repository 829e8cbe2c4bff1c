package org.penstock.congestion.cubic.internal;

import org.osgi.service.component.annotations.Component;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.congestion.cubic.Cubic;

/** Offers the algorithm as a service. */
@Component(
    service = CongestionControl.class,
    // What a stack begins with where its configuration names none.
    property = {CongestionControl.NAME + "=" + Cubic.ALGORITHM, "service.ranking:Integer=10"})
public final class CubicComponent implements CongestionControl {

  private final Cubic cubic = new Cubic();

  /** Called by SCR. */
  public CubicComponent() {}

  @Override
  public String name() {
    return cubic.name();
  }

  @Override
  public int words() {
    return cubic.words();
  }

  @Override
  public void start(CongestionState state, long nowNanos) {
    cubic.start(state, nowNanos);
  }

  @Override
  public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {
    cubic.acknowledged(state, sample, nowNanos);
  }

  @Override
  public void event(CongestionState state, CongestionEvent event, long nowNanos) {
    cubic.event(state, event, nowNanos);
  }
}
