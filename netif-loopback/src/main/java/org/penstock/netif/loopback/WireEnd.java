package org.penstock.netif.loopback;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.runtime.StackRuntime;

/** One end of a wire. Its peer is the other end, or itself for a loopback. */
final class WireEnd extends Station {

  private final BooleanSupplier plugged;
  private WireEnd peer = this;

  /**
   * An end that is its own peer until it is joined to another.
   *
   * @param runtime for time and waiting, or null for that of the slot
   * @param plugged whether the wire itself can pass frames
   */
  WireEnd(
      String name,
      NetifCapabilities capabilities,
      int queueLength,
      @Nullable StackRuntime runtime,
      BooleanSupplier plugged) {
    super(name, capabilities, queueLength, runtime);
    this.plugged = plugged;
  }

  static void join(WireEnd one, WireEnd other) {
    one.peer = other;
    other.peer = one;
  }

  @Override
  void attached() {
    if (peer != this) {
      peer.tellLink();
    }
  }

  @Override
  void detached() {
    attached();
  }

  /** True if the wire is plugged in, and somebody listens at both ends. */
  @Override
  boolean linkUp() {
    return plugged.getAsBoolean() && isAttached() && peer.isAttached();
  }

  @Override
  boolean isPlugged() {
    return plugged.getAsBoolean();
  }

  /** Where frames sent here go, or null if nobody is attached there. */
  @Nullable InboundQueue destination() {
    return peer.inbound();
  }

  @Override
  TransmitPort openTransmit(StackRuntime runtime, CallbackGate gate) {
    return new OutboundPort(this, runtime, gate);
  }

  @Override
  WireCounters counters() {
    return peer.sentCounters();
  }

  @Override
  void roomMade() {
    peer.transmitReady();
  }
}
