package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.impairment.Arrival;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.netif.loopback.FrameStage;

/** Puts an impairment model in one direction of a cable. */
public final class ImpairedStage implements FrameStage {

  private final ImpairmentModel model;

  /** A stage with a model of its own. */
  public ImpairedStage(ImpairmentConfig config, long seed) {
    this.model = new ImpairmentModel(config, LinkType.ETHERNET, seed);
  }

  /** The model, for its counts; owned by the thread that works on the receiving queue. */
  public ImpairmentModel model() {
    return model;
  }

  @Override
  public void pass(long sentNanos, MemorySegment frame, Arrivals arrivals) {
    for (Arrival arrival : model.decide(sentNanos, frame)) {
      if (arrival.isChanged()) {
        MemorySegment copy = MemorySegment.ofArray(frame.toArray(ValueLayout.JAVA_BYTE));
        arrival.change(LinkType.ETHERNET, copy);
        arrivals.at(arrival.dueNanos(), copy);
      } else {
        arrivals.at(arrival.dueNanos());
      }
    }
  }
}
