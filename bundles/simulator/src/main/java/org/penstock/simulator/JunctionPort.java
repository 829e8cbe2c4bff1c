package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.testkit.netif.DirectReceivePort;

/**
 * A port of a switch or a router: the far end of a host's cable. Frames come up to it whole, cut to
 * packets and with their checksums, because each cable has a stage in both directions.
 */
final class JunctionPort implements NetifHost {

  private static final int BUDGET = 64;

  private final String name;
  private final MacAddress mac;
  private final StackRuntime runtime;
  private final int landingBytes;
  private final NetifAttachment attachment;
  private final QueueAgent agent;
  private final TransmitPort transmit;
  private final Consumer<MemorySegment> arrived;
  private final OutboundFrame[] outbound = {new OutboundFrame()};
  private @Nullable Throwable failure;
  private boolean stopped;

  /**
   * Plugs the cable in.
   *
   * @param arrived takes each frame that arrives, valid during the call
   */
  JunctionPort(
      String name,
      MacAddress mac,
      StackRuntime runtime,
      Netif cable,
      Consumer<MemorySegment> arrived) {
    this.name = name;
    this.mac = mac;
    this.runtime = runtime;
    this.arrived = arrived;
    this.landingBytes = ReceivePort.HEADROOM + cable.capabilities().receiveCoalescing();
    try {
      this.attachment = cable.attach(this);
    } catch (NetifException e) {
      throw new IllegalStateException(e);
    }
    this.agent = attachment.queues().getFirst();
    this.transmit = attachment.openTransmit();
  }

  /** Takes frames that have come; returns how many. */
  int work() {
    int done = agent.work(BUDGET);
    Throwable broken = failure;
    if (broken != null) {
      throw new IllegalStateException(name + " failed", broken);
    }
    return done;
  }

  /** Takes frames as they come, on a thread of its own, until it is stopped. */
  void run() {
    while (!stopped) {
      if (work() == 0 && !stopped) {
        agent.idle(StackRuntime.NEVER);
      }
    }
  }

  /** Ends {@link #run}. */
  void stop() {
    stopped = true;
    agent.wake();
  }

  /** When a frame is next due. */
  long nextDue() {
    return agent.nextDue();
  }

  /** Sends a frame down the cable; false if it has no room. */
  boolean send(MemorySegment frame) {
    OutboundFrame out = outbound[0];
    out.clear();
    out.add(frame, 0, (int) frame.byteSize());
    return transmit.transmit(outbound, 1) == 1;
  }

  /** Pulls the cable out of the port. */
  void detach() {
    attachment.detach(runtime.nanoTime());
  }

  // ---- what the cable calls ----

  @Override
  public String slot() {
    return name;
  }

  @Override
  public MacAddress mac() {
    return mac;
  }

  @Override
  public StackRuntime runtime() {
    return runtime;
  }

  @Override
  public ReceivePort openReceive(int queue, int batch) {
    // On the heap, which many short simulations in a row leave sooner.
    return new DirectReceivePort(
        batch,
        landingBytes,
        (bytes, alignment) -> MemorySegment.ofArray(new byte[(int) bytes]),
        arrived);
  }

  @Override
  public void linkChanged(LinkState state) {
    // A port sends into a dead link what it has to send; the link loses it.
  }

  @Override
  public void capabilitiesChanged() {
    // A cable's never do.
  }

  @Override
  public void transmitReady() {
    // What found no room was dropped.
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
  }
}
