package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpListener;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.cell.Deferred;
import org.penstock.core.internal.congestion.CongestionTable;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.stack.PortTable;
import org.penstock.core.internal.stack.StackContext;
import org.penstock.core.internal.wire.Checksum;
import org.penstock.core.internal.wire.TcpHeader;

/** A TCP of one cell in virtual time, without the layers around it. */
final class Host {

  static final long MILLIS = 1_000_000L;
  static final long SECOND = 1_000 * MILLIS;

  final IpAddress address;
  final FakeOutput output = new FakeOutput(this::now);
  final Cell cell;
  final StackContext context;
  final CongestionTable congestion;
  final TcpLayer tcp;
  private final SlabPool<Landing> landings;
  private final InboundPacket packet = new InboundPacket();
  private final List<Landing> inUse = new ArrayList<>();
  ChecksumState checksum = ChecksumState.UNVERIFIED;
  boolean keepable = true;

  /** The ECN field that packets arrive with. */
  int ecn;

  /** The DiffServ codepoint that packets arrive with. */
  int dscp;

  /** True to receive into memory that the stack's account does not know of. */
  boolean useOwnLandings;

  /** A host with the first of the cells that the builder names. */
  Host(String address, StackBuilder builder, long seed, @Nullable CongestionControl first) {
    Random random = new Random(seed);
    StackBuilder.Description description = builder.describe();
    this.address = IpAddress.parse(address);
    this.cell = new Cell(0, SECOND);
    this.context =
        new StackContext(
            description,
            new StackContext.Secret(random.nextLong(), random.nextLong()),
            random::nextLong,
            new PortTable(random::nextLong),
            new Buffers(description.memoryLimit()));
    this.congestion = new CongestionTable(first);
    this.tcp = new TcpLayer(context, new Cell[] {cell}, new PacketOutput[] {output}, congestion);
    this.landings = context.buffers().landings(2048, 16384);
  }

  Host(String address, StackBuilder builder) {
    this(address, builder, 1, null);
  }

  long now() {
    return cell.now();
  }

  /** Does what a partition does at the end of an occupation. */
  void finish() {
    for (int i = 0; i < 100_000; i++) {
      Deferred work = cell.pollDeferred();
      if (work == null) {
        check();
        return;
      }
      cell.finish(work);
    }
    throw new AssertionError("the deferred work has no end");
  }

  /** False where so much stands in the lists that a look after each step would take minutes. */
  boolean checking = true;

  void check() {
    if (!checking) {
      return;
    }
    assertThat(tcp.invariants(0)).isEmpty();
  }

  /** Runs something inside the cell. */
  void inside(Runnable work) {
    work.run();
    finish();
  }

  long nextDeadline() {
    return cell.timers().nextDeadline();
  }

  /** Moves time on, with every timer at its own time. */
  void runTo(long time) {
    while (nextDeadline() <= time) {
      cell.now(Math.max(now(), nextDeadline()));
      cell.timers().advance(now(), 1);
      finish();
    }
    cell.now(time);
    cell.timers().advance(time, 1000);
    finish();
  }

  /** Delivers a segment, without ending the occupation. */
  boolean deliver(IpAddress source, TcpHeader header, byte[] text, int gsoSize) {
    Landing landing =
        useOwnLandings || header.headerLength() + text.length > 2000 ? big(text.length) : small();
    MemorySegment memory = landing.segment();
    int at = 14 + 20;
    int headerLength = header.writeTo(memory, at);
    MemorySegment.copy(MemorySegment.ofArray(text), 0, memory, at + headerLength, text.length);
    int length = headerLength + text.length;
    landing.describe(0, at + length, 0);
    if (checksum == ChecksumState.UNVERIFIED) {
      long pseudo = Checksum.pseudoHeader(source.ipv4(), address.ipv4(), 6, length);
      TcpHeader.seal(memory, at, length, pseudo);
    }
    landing.checksum(checksum);
    if (gsoSize > 0) {
      landing.gso(GsoType.TCP_IPV4, gsoSize, at + headerLength);
    }
    return deliver(source, landing, at, length, true);
  }

  boolean deliver(IpAddress source, Landing landing, int at, int length, boolean unicast) {
    packet.locate(landing, 0, 14, at, length);
    packet.addresses(source.high(), source.low(), address.high(), address.low());
    packet.describe(6, dscp << 2 | ecn, 64, unicast);
    packet.keepable(keepable);
    boolean kept = tcp.input(0, packet);
    if (!kept) {
      landing.release();
    }
    return kept;
  }

  Landing small() {
    Landing landing = landings.take();
    assertThat(landing).as("a landing").isNotNull();
    return landing;
  }

  private Landing big(int length) {
    return new Landing(
        java.lang.foreign.Arena.ofAuto().allocate(Math.max(length, 16) + 128), inUse::remove);
  }

  /** Landings of the driver's that have not come back. */
  int landingsOut() {
    return landings.taken();
  }

  Connection connect(int port, TransportAddress remote, TcpSettings settings, RecordingUser user) {
    context.ports().retain(Tcp.PROTOCOL, port);
    try {
      TcpConnection connection =
          tcp.connect(new TransportAddress(address, port), remote, settings, user);
      user.connection = connection;
      finish();
      return (Connection) connection;
    } catch (TcpException e) {
      throw new AssertionError(e);
    } finally {
      context.ports().release(Tcp.PROTOCOL, port);
    }
  }

  TcpListener listen(int port, int backlog, TcpSettings settings, RecordingAcceptor acceptor) {
    try {
      TcpListener listener =
          tcp.listen(new TransportAddress(IpAddress.ANY_IPV4, port), backlog, settings, acceptor);
      acceptor.listener = listener;
      return listener;
    } catch (TcpException e) {
      throw new AssertionError(e);
    }
  }

  void icmp(IcmpError error) {
    tcp.icmpError(0, error);
    finish();
  }

  List<PcbView> views() {
    List<PcbView> views = new ArrayList<>();
    tcp.views(0, views::add);
    return views;
  }

  long count(Counter counter) {
    return cell.counters().get(counter);
  }

  long count(DropReason reason) {
    return cell.counters().get(reason);
  }

  int portReferences(int port) {
    return context.ports().references(Tcp.PROTOCOL, port);
  }

  /** Nothing is left of anything. */
  void assertClean() {
    assertThat(tcp.invariants(0)).isEmpty();
    assertThat(views().stream().filter(v -> v.list() != PcbView.List.LISTENING)).isEmpty();
    assertThat(cell.timers().size()).isZero();
    assertThat(landings.taken()).isZero();
    assertThat(context.buffers().view(0, 0).landingsFree())
        .isEqualTo(context.buffers().view(0, 0).landingsTotal());
    assertThat(context.buffers().view(0, 0).chunkBytesFree())
        .isEqualTo(context.buffers().view(0, 0).chunkBytes());
  }
}
