package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.netif.tap.TapSettings;
import org.penstock.testkit.NetworkNamespace;
import org.penstock.testkit.NetworkNamespaceExtension;

/** Once warm, a frame sent, a frame received and a sleep in between allocate nothing. */
@ExtendWith(NetworkNamespaceExtension.class)
class DataPathAllocationTest {
  private static final int MOST_ROUNDS = 100;
  private static final int FRAMES = 5000;

  // What the VM's own instruments may put on this thread in a round.
  private static final long NEXT_TO_NOTHING = 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void allocatesNothingOnceWarm(NetworkNamespace net) throws Exception {
    try (TapNetif tap = TapNetif.open(TapSettings.of("tap0").withNetns(net.name()), cause -> {});
        Arena arena = Arena.ofShared()) {
      net.run("ip", "addr", "add", "192.0.2.1/24", "dev", "tap0");
      net.run("ip", "link", "set", "tap0", "up");
      var host = new CountingHost(arena, tap.capabilities().receiveCoalescing());
      var attachment = tap.attach(host);
      QueueAgent queue = attachment.queues().getFirst();
      TransmitPort port = attachment.openTransmit();
      MemorySegment request =
          arena.allocateFrom(JAVA_BYTE, RawWire.arpRequest("192.0.2.2", "192.0.2.1"));
      var frame = new OutboundFrame();
      frame.add(request, 0, 14);
      frame.add(request, 14, 28);
      OutboundFrame[] frames = {frame};

      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && allocated > NEXT_TO_NOTHING; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(port, frames, queue);
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }

      assertThat(host.delivered).isGreaterThanOrEqualTo(FRAMES);
      assertThat(allocated)
          .as("bytes for %d frames each way", FRAMES)
          .isLessThanOrEqualTo(NEXT_TO_NOTHING);
    }
  }

  private static void exchange(TransmitPort port, OutboundFrame[] frames, QueueAgent queue) {
    for (int i = 0; i < FRAMES; i++) {
      port.transmit(frames, 1);
      queue.idle(0);
      queue.work(64);
    }
  }

  private static final class CountingHost implements NetifHost, ReceivePort {
    private final Arena arena;
    private final int landingBytes;
    private Landing[] landings = {};
    private long delivered;

    CountingHost(Arena arena, int frameBytes) {
      this.arena = arena;
      this.landingBytes = HEADROOM + frameBytes;
    }

    @Override
    public String slot() {
      return "test/net0";
    }

    @Override
    public MacAddress mac() {
      return MacAddress.parse(RawWire.OUR_MAC);
    }

    @Override
    public StackRuntime runtime() {
      return AttachedTap.RUNTIME;
    }

    @Override
    public ReceivePort openReceive(int queue, int batch) {
      landings = new Landing[batch];
      for (int i = 0; i < batch; i++) {
        landings[i] = new Landing(arena.allocate(landingBytes, Long.BYTES), home -> {});
      }
      return this;
    }

    @Override
    public Landing[] landings() {
      return landings;
    }

    @Override
    public void deliver(int count) {
      delivered += count;
    }

    @Override
    public void giveBack() {}

    @Override
    public void linkChanged(LinkState state) {}

    @Override
    public void capabilitiesChanged() {}

    @Override
    public void transmitReady() {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
