package org.penstock.api.netif;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.view.DropReason;

/**
 * Sees every frame of a slot: the one point on which trace, capture and simulator hang. It costs
 * nothing where none is set.
 *
 * <p>Called by whichever thread moves the frame, so from several at a time; it must not block, nor
 * keep or change what it is shown.
 *
 * <p>Registered as a service it says by {@link #STACK} which stack it observes; there may be
 * several. A library gives it to its stack.
 */
@ConsumerType
public interface SlotObserver {

  /** Service property: the name of the stack. */
  String STACK = "observer.stack";

  /** A frame arrived, before the stack looks at it. */
  void received(String slot, long nowNanos, Landing frame);

  /** A frame was taken by the driver. */
  void sent(String slot, long nowNanos, OutboundFrame frame);

  /** A frame or packet was dropped; null where its octets are no longer there. */
  void dropped(String slot, long nowNanos, DropReason reason, @Nullable Landing frame);
}
