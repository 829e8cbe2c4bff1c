package org.penstock.netif.loopback;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.runtime.StackRuntime;

/**
 * One port of a switch. Its link is between the slot and the switch: up as soon as a slot is
 * attached, whoever else is there.
 */
final class SwitchPort extends Station {

  final AtomicLong flooded = new AtomicLong();
  final AtomicLong filtered = new AtomicLong();

  private final Fabric fabric;
  private final int index;
  private final WireCounters arrivals = new WireCounters();
  private volatile boolean plugged = true;

  SwitchPort(Fabric fabric, int index, SwitchOptions options, StackRuntime runtime) {
    super(
        options.name() + "/" + (index + 1),
        capabilities(LinkType.ETHERNET, options.mtu(), options.offload()),
        options.queueLength(),
        runtime);
    this.fabric = fabric;
    this.index = index;
  }

  /** Its place among the switch's ports, from 0. */
  int index() {
    return index;
  }

  void plugged(boolean in) {
    plugged = in;
    if (!in) {
      fabric.addresses().forget(index);
    }
    tellLink();
  }

  /** Where frames for this port go, or null if nobody is there to take them. */
  @Nullable InboundQueue reachable() {
    return plugged ? inbound() : null;
  }

  @Override
  void attached() {
    // The other ports have a link of their own.
  }

  @Override
  void detached() {
    // IEEE 802.1Q §8.8: stations behind a port that is gone are not waited for until they are old.
    fabric.addresses().forget(index);
  }

  @Override
  boolean linkUp() {
    return plugged && isAttached();
  }

  @Override
  boolean isPlugged() {
    return plugged;
  }

  @Override
  TransmitPort openTransmit(StackRuntime runtime, CallbackGate gate) {
    return new SwitchTransmitPort(fabric, this, runtime, gate);
  }

  @Override
  WireCounters counters() {
    return arrivals;
  }

  @Override
  void roomMade() {
    // Nobody waits for room: a switch drops what does not fit, or one slow station would hold up
    // all who talk to others.
  }

  /** What was sent here and refused, and what was for here and found the queue full. */
  @Override
  public long drops() {
    return super.drops() + arrivals.full.get() + arrivals.refused.get();
  }

  SwitchStatistics read() {
    WireCounters from = sentCounters();
    return new SwitchStatistics(
        from.sent.get(),
        flooded.get(),
        filtered.get(),
        from.refused.get() + arrivals.refused.get(),
        arrivals.delivered.get(),
        arrivals.full.get(),
        from.noLink.get() + arrivals.noLink.get());
  }
}
