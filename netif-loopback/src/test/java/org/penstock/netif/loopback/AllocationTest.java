package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** The way of a frame through a device allocates nothing once warm. */
class AllocationTest {

  private static final int BATCH = 32;

  @Test
  void movingFramesThroughACableAllocatesNothing() throws Exception {
    Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("wire"));
    move(cable.end(0), cable.end(1));
  }

  /** Broadcasts, so that they are copied to a second port whose queue is always full. */
  @Test
  void movingFramesThroughASwitchAllocatesNothing() throws Exception {
    VirtualSwitch sw = new VirtualSwitch(SystemRuntime.get(), SwitchOptions.named("sw0"));
    sw.port(3).attach(new SilentHost());
    move(sw.port(1), sw.port(2));
    assertThat(sw.statistics(3).full()).isPositive();
  }

  private static void move(Netif sender, Netif receiver) throws Exception {
    NetifAttachment from = sender.attach(new SilentHost());
    NetifAttachment to = receiver.attach(new SilentHost());
    TransmitPort port = from.openTransmit();
    QueueAgent agent = to.queues().getFirst();
    OutboundFrame[] batch = new OutboundFrame[BATCH];
    for (int i = 0; i < BATCH; i++) {
      batch[i] = new OutboundFrame();
      MemorySegment header = Arena.ofAuto().allocate(54);
      header.asSlice(0, 6).fill((byte) 0xff);
      batch[i].add(header, 0, 54);
      batch[i].add(Arena.ofAuto().allocate(1460), 0, 1460);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // The compiler decides when it is warm; from then on every round is free.
    for (int round = 0; round < 50 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 500; i++) {
        if (port.transmit(batch, BATCH) != BATCH || agent.work(BATCH) != BATCH) {
          throw new AssertionError("frames were lost");
        }
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes allocated for %d frames", 500 * BATCH).isZero();
  }

  private static final class SilentHost implements NetifHost {
    @Override
    public String slot() {
      return "s/net0";
    }

    @Override
    public MacAddress mac() {
      return MacAddress.locallyAdministered(1);
    }

    @Override
    public StackRuntime runtime() {
      return SystemRuntime.get();
    }

    @Override
    public ReceivePort openReceive(int queue, int batch) {
      Landing[] landings = new Landing[batch];
      for (int i = 0; i < batch; i++) {
        landings[i] = new Landing(Arena.ofAuto().allocate(66_000), landing -> {});
      }
      return new ReceivePort() {
        @Override
        public Landing[] landings() {
          return landings;
        }

        @Override
        public void deliver(int count) {}

        @Override
        public void giveBack() {}
      };
    }

    @Override
    public void linkChanged(LinkState state) {}

    @Override
    public void capabilitiesChanged() {}

    @Override
    public void transmitReady() {}

    @Override
    public void failed(Throwable cause) {}
  }
}
