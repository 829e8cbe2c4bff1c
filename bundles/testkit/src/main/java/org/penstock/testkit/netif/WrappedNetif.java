package org.penstock.testkit.netif;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
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
 * A driver and a wrapper around it as one driver, put together as a slot does it: a wrapper that
 * does nothing to frames must pass {@link NetifContract} in this form.
 */
public final class WrappedNetif implements Netif {

  private final Netif inner;
  private final NetifWrapper wrapper;
  private final int agents;
  private @Nullable Bond bond;

  /**
   * Wraps a driver that is not attached.
   *
   * @param agents how many agents the wrapper has
   */
  public WrappedNetif(Netif inner, NetifWrapper wrapper, int agents) {
    this.inner = inner;
    this.wrapper = wrapper;
    this.agents = agents;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    NetifCapabilities can = wrapper.capabilities(inner.capabilities());
    return new NetifCapabilities(
        can.linkType(),
        can.mtu(),
        can.checksumIn(),
        can.checksumOut(),
        can.tcpSegmentation(),
        can.udpSegmentation(),
        can.receiveCoalescing(),
        can.queues() + agents,
        can.gather(),
        can.retains());
  }

  @Override
  public NetifAttachment attach(NetifHost host) throws NetifException {
    Bond made = new Bond(host);
    made.begin();
    bond = made;
    return made;
  }

  /** Has the wrapper's agents work once, as a strategy would; nothing where it is not attached. */
  public void workWrapper() {
    Bond attached = bond;
    if (attached != null && attached.wrapping != null) {
      attached.wrapping.queues().forEach(agent -> agent.work(NetifBench.BUDGET));
    }
  }

  /** What the driver sees, and what the slot sees of both. */
  private final class Bond implements NetifHost, NetifAttachment {
    private final NetifHost host;
    private final CallbackGate gate;
    private final List<TransmitPort> ports = new ArrayList<>();
    private final List<QueueAgent> queues = new ArrayList<>();
    private NetifAttachment driver;
    private volatile @Nullable NetifWrapping wrapping;
    private volatile boolean ended;

    @SuppressWarnings("NullAway.Init") // by begin
    Bond(NetifHost host) {
      this.host = host;
      this.gate = new CallbackGate(host.runtime());
    }

    void begin() throws NetifException {
      driver = inner.attach(this);
      NetifWrapping made = wrapper.wrap(new Upper(host), driver, inner.capabilities());
      queues.addAll(driver.queues());
      queues.addAll(made.queues());
      wrapping = made;
    }

    // ---- as the slot sees it ----

    @Override
    public List<QueueAgent> queues() {
      return queues;
    }

    @Override
    public synchronized TransmitPort openTransmit() {
      NetifWrapping around = around();
      TransmitPort port = new Guarded(around.transmit(driver.openTransmit()));
      ports.add(port);
      return port;
    }

    @Override
    public LinkState link() {
      return driver.link();
    }

    @Override
    public void multicast(MulticastFilter filter) {
      driver.multicast(filter);
    }

    @Override
    public synchronized boolean detach(long deadlineNanos) {
      if (!ended) {
        ended = true;
        ports.forEach(TransmitPort::close);
        if (!gate.shut(deadlineNanos)) {
          return false;
        }
        around().end();
      }
      return driver.detach(deadlineNanos);
    }

    private NetifWrapping around() {
      NetifWrapping around = wrapping;
      if (around == null) {
        throw new IllegalStateException(inner.name() + " is not attached yet");
      }
      return around;
    }

    // ---- as the driver sees it ----

    @Override
    public String slot() {
      return host.slot();
    }

    @Override
    public MacAddress mac() {
      return host.mac();
    }

    @Override
    public StackRuntime runtime() {
      return host.runtime();
    }

    @Override
    public ReceivePort openReceive(int queue, int batch) {
      return new Shown(queue, batch);
    }

    @Override
    public void linkChanged(LinkState state) {
      host.linkChanged(state);
    }

    @Override
    public void capabilitiesChanged() {
      host.capabilitiesChanged();
    }

    @Override
    public void transmitReady() {
      if (gate.enter()) {
        try {
          around().transmitReady();
        } finally {
          gate.exit();
        }
      }
      if (!ended) {
        host.transmitReady();
      }
    }

    @Override
    public void failed(Throwable cause) {
      host.failed(cause);
    }

    /** A port that sends nothing once it is closed. */
    private final class Guarded implements TransmitPort {
      private final TransmitPort port;

      Guarded(TransmitPort port) {
        this.port = port;
      }

      @Override
      public int transmit(OutboundFrame[] frames, int count) {
        return ended ? 0 : port.transmit(frames, count);
      }

      @Override
      public void close() {
        port.close();
      }
    }

    /** Shows frames to the wrapper; those that go on are copied into the slot's own port. */
    private final class Shown implements ReceivePort {
      private final int queue;
      private final Landing[] landings;
      private @Nullable ReceivePort up;

      Shown(int queue, int batch) {
        this.queue = queue;
        this.landings = new Landing[batch];
        int bytes = HEADROOM + inner.capabilities().receiveCoalescing();
        for (int i = 0; i < batch; i++) {
          landings[i] = new Landing(Arena.ofAuto().allocate(bytes), home -> {});
        }
      }

      @Override
      public Landing[] landings() {
        return landings;
      }

      @Override
      public void deliver(int count) {
        if (!gate.enter()) {
          return;
        }
        int on;
        try {
          on = around().receive(landings, count);
        } finally {
          gate.exit();
        }
        if (on > 0) {
          ReceivePort to = up == null ? host.openReceive(queue, landings.length) : up;
          up = to;
          for (int i = 0; i < on; i++) {
            Landing from = landings[i];
            Landing into = to.landings()[i];
            MemorySegment.copy(
                from.segment(), from.offset(), into.segment(), from.offset(), from.length());
            into.describeAs(from);
          }
          to.deliver(on);
        }
      }

      @Override
      public void giveBack() {
        if (up != null) {
          up.giveBack();
        }
      }
    }
  }

  /** What the wrapper sees. */
  private record Upper(NetifHost host) implements NetifHost {
    @Override
    public String slot() {
      return host.slot();
    }

    @Override
    public MacAddress mac() {
      return host.mac();
    }

    @Override
    public StackRuntime runtime() {
      return host.runtime();
    }

    @Override
    public ReceivePort openReceive(int queue, int batch) {
      return host.openReceive(queue, batch);
    }

    @Override
    public void linkChanged(LinkState state) {
      throw new IllegalStateException("the link is the driver's");
    }

    @Override
    public void capabilitiesChanged() {
      host.capabilitiesChanged();
    }

    @Override
    public void transmitReady() {
      host.transmitReady();
    }

    @Override
    public void failed(Throwable cause) {
      host.failed(cause);
    }
  }
}
