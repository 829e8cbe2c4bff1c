package org.penstock.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Exclusion;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.StrategyStatistics;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.view.Counter;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.testkit.packet.PacketBuilder;

/** A batch of frames, sorted to its partitions, meets a swap that cuts the partitions anew. */
@Timeout(60)
class FramesDuringSwapTest {

  private static final int CELLS = 8;
  private static final int FRAMES = 32;
  private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:09");
  private static final IpAddress OURS = IpAddress.parse("192.0.2.1");
  private static final IpAddress THEIRS = IpAddress.parse("192.0.2.2");

  /** A driver whose port the test delivers by. */
  private static final class PushedNetif implements Netif, NetifAttachment {
    private @Nullable ReceivePort port;

    @Override
    public String name() {
      return "pushed";
    }

    @Override
    public NetifCapabilities capabilities() {
      return NetifCapabilities.plain(LinkType.ETHERNET, 1500);
    }

    @Override
    public NetifAttachment attach(NetifHost host) {
      port = host.openReceive(0, FRAMES);
      return this;
    }

    @Override
    public List<QueueAgent> queues() {
      return List.of();
    }

    @Override
    public TransmitPort openTransmit() {
      return new TransmitPort() {
        @Override
        public int transmit(org.penstock.api.buffer.OutboundFrame[] frames, int count) {
          return count;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public LinkState link() {
      return LinkState.UP;
    }

    @Override
    public void multicast(MulticastFilter filter) {}

    @Override
    public boolean detach(long deadlineNanos) {
      return true;
    }
  }

  /** A number of partitions, each a lock; the first delivery is followed by something. */
  private record Interrupted(int partitions, AtomicReference<@Nullable Runnable> afterDelivery)
      implements ConcurrencyStrategy {

    private static final ConcurrencyStrategy LOCKS =
        ServiceLoader.load(ConcurrencyStrategy.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals("global-lock"))
            .findFirst()
            .orElseThrow();

    @Override
    public String name() {
      return "interrupted";
    }

    @Override
    public int partitions(int cells, int processors) {
      return partitions;
    }

    @Override
    public StrategyInstance start(StrategyHost host) {
      return new InterruptedInstance(LOCKS.start(host), afterDelivery);
    }
  }

  private record InterruptedInstance(
      StrategyInstance locks, AtomicReference<@Nullable Runnable> afterDelivery)
      implements StrategyInstance {

    @Override
    public Exclusion exclusion(int partition) {
      return new InterruptedExclusion(locks.exclusion(partition), afterDelivery);
    }

    @Override
    public void open() {
      locks.open();
    }

    @Override
    public void drive(QueueAgent agent, String name) {
      locks.drive(agent, name);
    }

    @Override
    public boolean release(QueueAgent agent, long deadlineNanos) {
      return locks.release(agent, deadlineNanos);
    }

    @Override
    public boolean close(long deadlineNanos) {
      return locks.close(deadlineNanos);
    }

    @Override
    public StrategyStatistics statistics() {
      return locks.statistics();
    }
  }

  private record InterruptedExclusion(
      Exclusion lock, AtomicReference<@Nullable Runnable> afterDelivery) implements Exclusion {

    @Override
    public void post(Section section) {
      lock.post(section);
    }

    @Override
    public boolean call(Section section) {
      return lock.call(section);
    }

    @Override
    public boolean deliver(Section section) {
      boolean in = lock.deliver(section);
      Runnable next = afterDelivery.getAndSet(null);
      if (next != null) {
        next.run();
      }
      return in;
    }

    @Override
    public Awaited await(Attempt attempt, long deadlineNanos) {
      return lock.await(attempt, deadlineNanos);
    }

    @Override
    public void signal(Attempt attempt) {
      lock.signal(attempt);
    }
  }

  @Test
  void everyFrameFindsItsPartitionHoweverTheyAreCutMeanwhile() {
    int[][] cuts = {{2, 4}, {2, 3}, {4, 3}, {3, 8}, {8, 1}};
    for (int[] cut : cuts) {
      AtomicReference<@Nullable Runnable> hook = new AtomicReference<>();
      PushedNetif netif = new PushedNetif();
      try (Stack stack =
          new StackBuilder("t")
              .cells(CELLS)
              .sentinel(true)
              .strategy(new Interrupted(cut[0], hook))
              .build()) {
        assertThat(stack.addSlot(SlotSettings.of("net0", "192.0.2.1/24")).offer(netif, 0)).isNull();
        ReceivePort port = netif.port;
        assertThat(port).isNotNull();
        MacAddress mac = stack.slot("net0").view().mac();
        for (int i = 0; i < FRAMES; i++) {
          fill(
              port.landings()[i],
              PacketBuilder.ethernet(PEER, mac).ip(THEIRS, OURS).udp(7, 4000 + i).build());
        }
        hook.set(() -> assertThat(stack.swap(new Interrupted(cut[1], hook))).isNull());

        port.deliver(FRAMES);

        assertThat(hook).as("the swap came in between").hasNullValue();
        assertThat(stack.view().strategy().partitions()).isEqualTo(cut[1]);
        // Those that were sorted by the old table may be on their way by post.
        while (stack.view().counters().get(Counter.UDP_NO_PORTS) < FRAMES
            && stack.view().counters().get(Counter.SECTION_EXCEPTIONS) == 0) {
          Thread.onSpinWait();
        }
        assertThat(stack.view().counters())
            .as("from %d to %d partitions", cut[0], cut[1])
            .containsEntry(Counter.SECTION_EXCEPTIONS, 0L)
            .containsEntry(Counter.UDP_NO_PORTS, (long) FRAMES);
      }
    }
  }

  private static void fill(Landing landing, byte[] frame) {
    MemorySegment.copy(frame, 0, landing.segment(), ValueLayout.JAVA_BYTE, 0, frame.length);
    landing.describe(0, frame.length, 0);
    landing.checksum(ChecksumState.UNVERIFIED);
  }
}
