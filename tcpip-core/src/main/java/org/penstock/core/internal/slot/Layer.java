package org.penstock.core.internal.slot;

import java.util.List;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.NetifWrapping;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.runtime.StackRuntime;

/**
 * A wrapper around one bound driver; what the wrapper sees of the slot. Frames on their way up pass
 * a gate, so that at the end nobody is inside the wrapper; those on their way down are fenced by
 * the partitions, its agents by the strategy.
 */
final class Layer implements NetifHost {

  private final SlotCore slot;
  private final Binding binding;
  private final NetifWrapper wrapper;
  private final CallbackGate gate;
  private final NetifCapabilities capabilities;
  private final NetifWrapping wrapping;

  Layer(
      SlotCore slot,
      Binding binding,
      NetifWrapper wrapper,
      NetifAttachment driver,
      NetifCapabilities driverCapabilities)
      throws NetifException {
    this.slot = slot;
    this.binding = binding;
    this.wrapper = wrapper;
    this.gate = new CallbackGate(slot.runtime());
    this.capabilities = wrapper.capabilities(driverCapabilities);
    this.wrapping = wrapper.wrap(this, driver, driverCapabilities);
  }

  NetifWrapper wrapper() {
    return wrapper;
  }

  /** What it lets the slot ask of a driver. */
  NetifCapabilities over(NetifCapabilities driver) {
    return wrapper.capabilities(driver);
  }

  List<QueueAgent> queues() {
    return wrapping.queues();
  }

  TransmitPort transmit(TransmitPort driver) {
    return wrapping.transmit(driver);
  }

  /** Shows it frames on their way up; returns how many go on, all of them once it has ended. */
  int receive(Landing[] frames, int count) {
    if (!gate.enter()) {
      return count;
    }
    try {
      return wrapping.receive(frames, count);
    } finally {
      gate.exit();
    }
  }

  void driverReady() {
    if (gate.enter()) {
      try {
        wrapping.transmitReady();
      } finally {
        gate.exit();
      }
    }
  }

  /**
   * Ends it, when nobody is inside its ports and agents any more.
   *
   * @return false if a frame on its way up is still inside at the deadline, then it is left alone;
   *     or if it threw
   */
  boolean end(long deadlineNanos) {
    if (!gate.shut(deadlineNanos)) {
      return false;
    }
    try {
      wrapping.end();
      return true;
    } catch (RuntimeException e) {
      slot.thrown("end", wrapper, e);
      return false;
    }
  }

  @Override
  public String slot() {
    return slot.qualifiedName();
  }

  @Override
  public MacAddress mac() {
    return slot.mac();
  }

  @Override
  public StackRuntime runtime() {
    return slot.runtime();
  }

  @Override
  public ReceivePort openReceive(int queue, int batch) {
    return slot.openReceive(null, capabilities, queue, batch, null);
  }

  @Override
  public void linkChanged(LinkState state) {
    // The link is the driver's.
  }

  @Override
  public void capabilitiesChanged() {
    binding.capabilitiesChanged();
  }

  @Override
  public void transmitReady() {
    slot.transmitReady(binding);
  }

  @Override
  public void failed(Throwable cause) {
    slot.wrapperFailed(wrapper, cause);
  }
}
