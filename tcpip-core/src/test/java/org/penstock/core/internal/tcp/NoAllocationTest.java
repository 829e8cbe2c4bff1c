package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.TransmitWaiter;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.stack.PortTable;
import org.penstock.core.internal.stack.StackContext;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.TcpOptionWriter;

/** Once warm, an established connection allocates nothing: neither to receive nor to send. */
class NoAllocationTest {

  private static final int WARM = 30_000;
  private static final int MEASURED = 100_000;
  private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");
  private static final IpAddress REMOTE = IpAddress.parse("192.0.2.2");
  private static final int PORTS = 80 << 16 | 1024;

  private final Silent output = new Silent();
  private final Cell cell = new Cell(0, 1_000_000_000L);
  private final StackBuilder.Description description =
      new StackBuilder("test").cells(1).buffers(1 << 20, 1 << 20).describe();
  private final Random random = new Random(1);
  private final Buffers buffers = new Buffers(64 << 20);
  private final CongestionTable congestion = new CongestionTable(null);
  private final TcpLayer tcp =
      new TcpLayer(
          new StackContext(
              description,
              new StackContext.Secret(1, 2),
              random::nextLong,
              new PortTable(random::nextLong),
              buffers),
          new Cell[] {cell},
          new PacketOutput[] {output},
          congestion);
  private final SlabPool<Landing> landings = buffers.landings(2048, 1024);
  private final InboundPacket packet = new InboundPacket();
  private Connection connection;

  private void connect(TcpUser user) throws Exception {
    connection =
        (Connection)
            tcp.connect(
                new TransportAddress(LOCAL, 1024),
                new TransportAddress(REMOTE, 80),
                TcpSettings.DEFAULT,
                user);
    finish();
    segment(0, connection.sender().initial() + 1, TcpFlags.SYN | TcpFlags.ACK, 0);
    finish();
    assertThat(connection.state()).isEqualTo(TcpState.ESTABLISHED);
    assertThat(connection.options().hasTimestamps()).isTrue();
    assertThat(connection.options().hasSack()).isTrue();
  }

  private final int[] edges = new int[2];
  private int blocks;

  private void segment(int sequence, int acknowledgment, int flags, int length) {
    Landing landing = landings.take();
    MemorySegment memory = landing.segment();
    int header = TcpHeader.MIN_LENGTH + TcpOptionWriter.TIMESTAMPS_LENGTH;
    TcpOptionWriter.timestamps(memory, 34 + TcpHeader.MIN_LENGTH, (int) (cell.now() >> 20), 1);
    if ((flags & TcpFlags.SYN) != 0) {
      TcpOptionWriter.sackPermitted(memory, 34 + header);
      header += TcpOptionWriter.SACK_PERMITTED_LENGTH;
    }
    header += TcpOptionWriter.sack(memory, 34 + header, edges, blocks);
    TcpHeader.write(memory, 34, PORTS, sequence, acknowledgment, header, flags, 0xffff, 0);
    landing.describe(0, 34 + header + length, 0);
    landing.checksum(ChecksumState.VALID);
    packet.locate(landing, 0, 14, 34, header + length);
    packet.addresses(REMOTE.high(), REMOTE.low(), LOCAL.high(), LOCAL.low());
    packet.describe(6, 0, 64, true);
    packet.keepable(true);
    if (!tcp.input(0, packet)) {
      landing.release();
    }
  }

  private void finish() {
    for (Deferred work = cell.pollDeferred(); work != null; work = cell.pollDeferred()) {
      cell.finish(work);
    }
  }

  private void tick() {
    cell.now(cell.now() + 10_000);
    cell.timers().advance(cell.now(), 16);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static void assertNothing(Runnable once) {
    for (int i = 0; i < WARM; i++) {
      once.run();
    }
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5 && least > MEASURED; attempt++) {
      long before = allocated();
      for (int i = 0; i < MEASURED; i++) {
        once.run();
      }
      least = Math.min(least, allocated() - before);
    }
    // What the compiler has not removed yet on its way, but nothing a segment.
    assertThat(least).as("bytes allocated by " + MEASURED + " segments").isLessThan(MEASURED);
  }

  @Test
  void receivingInPlaceAndAcknowledging() throws Exception {
    Reader reader = new Reader();
    connect(reader);
    int[] at = {1};
    assertNothing(() -> {
      segment(at[0], connection.sender().next(), TcpFlags.ACK, 1460);
      segment(at[0] + 1460, connection.sender().next(), TcpFlags.ACK, 1460);
      at[0] += 2920;
      finish();
      tick();
    });
    assertThat(reader.bytes).isGreaterThan(2920L * MEASURED);
  }

  @Test
  void receivingOutOfOrderAndAcknowledgingSelectively() throws Exception {
    Reader reader = new Reader();
    connect(reader);
    int[] at = {1};
    assertNothing(() -> {
      segment(at[0] + 1000, connection.sender().next(), TcpFlags.ACK, 1000);
      segment(at[0] + 3000, connection.sender().next(), TcpFlags.ACK, 1000);
      finish();
      segment(at[0], connection.sender().next(), TcpFlags.ACK, 1000);
      segment(at[0] + 1000, connection.sender().next(), TcpFlags.ACK, 1000);
      segment(at[0] + 2000, connection.sender().next(), TcpFlags.ACK, 1000);
      at[0] += 4000;
      finish();
      tick();
    });
    assertThat(reader.bytes).isGreaterThan(4000L * MEASURED);
  }

  @Test
  void sendingAndBeingAcknowledged() throws Exception {
    connect(new Reader());
    MemorySegment source = Arena.ofAuto().allocate(2920);
    assertNothing(() -> {
      connection.send(source, 0, 2920, true);
      finish();
      segment(1, connection.sender().next(), TcpFlags.ACK, 0);
      finish();
      tick();
    });
    assertThat(output.bytes).isGreaterThan(2920L * MEASURED);
  }

  @Test
  void sendingAgainWhatWasLost() throws Exception {
    connect(new Reader());
    int size = connection.sender().segmentSize();
    MemorySegment source = Arena.ofAuto().allocate(4L * size);
    Sender sender = connection.sender();
    assertNothing(() -> {
      connection.send(source, 0, 4 * size, true);
      finish();
      tick();
      edges[0] = sender.unacknowledged() + size;
      edges[1] = edges[0] + size;
      blocks = 1;
      segment(1, sender.unacknowledged(), TcpFlags.ACK, 0);
      finish();
      tick();
      blocks = 0;
      for (int i = 0; i < 4; i++) {
        segment(1, sender.next(), TcpFlags.ACK, 0);
        finish();
      }
    });
    assertThat(sender.retransmitted()).isGreaterThan(MEASURED);
    assertThat(connection.pcbs().transmissions().inUse()).isZero();
  }

  @Test
  void sendingPaced() throws Exception {
    congestion.add(new FixedRate(300_000_000L));
    congestion.prefer(FixedRate.NAME);
    connect(new Reader());
    MemorySegment source = Arena.ofAuto().allocate(2920);
    assertNothing(() -> {
      connection.send(source, 0, 2920, true);
      finish();
      segment(1, connection.sender().next(), TcpFlags.ACK, 0);
      finish();
      tick();
      finish();
    });
    assertThat(output.bytes).isGreaterThan(2920L * MEASURED);
  }

  @Test
  void smallRequestsAndAnswers() throws Exception {
    connect(new Reader());
    MemorySegment source = Arena.ofAuto().allocate(64);
    int[] at = {1};
    assertNothing(() -> {
      segment(at[0], connection.sender().next(), TcpFlags.ACK | TcpFlags.PSH, 100);
      at[0] += 100;
      finish();
      connection.send(source, 0, 64, true);
      finish();
      tick();
    });
  }

  /** Takes every buffer and gives it back. */
  private static final class Reader implements TcpUser {
    long bytes;

    @Override
    public void received(TcpConnection of) {
      for (Landing landing = of.take(); landing != null; landing = of.take()) {
        int length = landing.length();
        bytes += length;
        landing.release();
        of.credit(length);
      }
    }

    @Override
    public void connected(TcpConnection of) {}

    @Override
    public void acknowledged(TcpConnection of, long count) {}

    @Override
    public void released(TcpConnection of) {}

    @Override
    public void releaseAcknowledged(TcpConnection of) {}

    @Override
    public void closed(TcpConnection of) {}

    @Override
    public void failed(TcpConnection of, TcpFailure failure) {
      throw new AssertionError(failure);
    }
  }

  /** IP that sends nothing. */
  private static final class Silent implements PacketOutput, OutboundPacket {
    private final Path path = new Path(0, LOCAL, REMOTE, REMOTE, 1500, 0);
    private final MemorySegment block = Arena.ofAuto().allocate(128);
    long bytes;

    @Override
    public Path route(IpAddress local, IpAddress remote) {
      return path;
    }

    @Override
    public boolean isCurrent(Path known) {
      return true;
    }

    @Override
    public int segmentation(Path known) {
      return 65_535;
    }

    @Override
    public boolean tooBig(Path way, int mtu, int length) {
      return false;
    }

    @Override
    public void doubt(Path way) {}

    @Override
    public OutboundPacket begin(Path way, int protocol, int transportHeader) {
      return this;
    }

    @Override
    public Outcome end(@Nullable TransmitWaiter waiter) {
      return Outcome.SENT;
    }

    @Override
    public MemorySegment header() {
      return block;
    }

    @Override
    public int transport() {
      return 34;
    }

    @Override
    public void payload(MemorySegment segment, long offset, int length) {
      bytes += length;
    }

    @Override
    public void ecn(int codepoint) {}

    @Override
    public void dscp(int codepoint) {}

    @Override
    public void timeToLive(int hops) {}

    @Override
    public void dontFragment(boolean refuse) {}

    @Override
    public void segment(int segmentSize) {}
  }
}
