package org.penstock.core.internal.osgi;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.view.DropReason;

/** Several observers as one. */
final class Observers implements SlotObserver {

  private final SlotObserver[] each;

  private Observers(SlotObserver[] each) {
    this.each = each;
  }

  /** Null for none, so that it costs nothing. */
  static @Nullable SlotObserver of(List<SlotObserver> observers) {
    return switch (observers.size()) {
      case 0 -> null;
      case 1 -> observers.getFirst();
      default -> new Observers(observers.toArray(SlotObserver[]::new));
    };
  }

  @Override
  public void received(String slot, long nowNanos, Landing frame) {
    for (SlotObserver observer : each) {
      observer.received(slot, nowNanos, frame);
    }
  }

  @Override
  public void sent(String slot, long nowNanos, OutboundFrame frame) {
    for (SlotObserver observer : each) {
      observer.sent(slot, nowNanos, frame);
    }
  }

  @Override
  public void dropped(String slot, long nowNanos, DropReason reason, @Nullable Landing frame) {
    for (SlotObserver observer : each) {
      observer.dropped(slot, nowNanos, reason, frame);
    }
  }
}
