package org.penstock.core.internal.raw;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Section;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Raw;
import org.penstock.core.api.RawPort;
import org.penstock.core.api.RawUser;
import org.penstock.core.api.UdpPort.Sent;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.Homes;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.PathCache;
import org.penstock.core.internal.ip.RawInput;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.wire.Ipv4Header;

/**
 * Raw IP of one stack. All ports are at home in the control cell, to which packets of protocols
 * that the stack does not have come anyway; of others a copy is posted there.
 */
public final class RawLayer implements Raw, RawInput {

  /** Copies under way to the control cell, at most; who looks on must not hold up who works. */
  static final int MOST_COPIES = 256;

  private static final int HOME = Homes.CONTROL;
  private static final int PROTOCOLS = 256;
  private static final int MOST_PAYLOAD = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH;

  private final IpLayer ip;
  private final Cell cell;
  private final PacketOutput output;
  private final PathCache paths;
  private final AtomicIntegerArray open = new AtomicIntegerArray(PROTOCOLS);
  private final AtomicInteger copies = new AtomicInteger();

  // Replaced by every change, so that ports may be closed while a packet is shown; control cell.
  private List<RawPcb> ports = List.of();

  /** Raw IP over that IP. */
  public RawLayer(IpLayer ip) {
    this.ip = ip;
    this.cell = ip.cell(HOME);
    this.output = ip.output(HOME);
    this.paths = new PathCache(output);
  }

  @Override
  public int cellOf(int protocol) {
    return HOME;
  }

  @Override
  public RawPort open(int protocol, IpAddress local, RawUser user) {
    if (protocol < 0 || protocol >= PROTOCOLS) {
      throw new IllegalArgumentException(
          "IP protocol " + protocol + " is not between 0 and " + (PROTOCOLS - 1));
    }
    if (!local.isIpv4() || !local.isAny() && !ip.tables().isLocal(local)) {
      throw new IllegalArgumentException(
          "raw IP address " + local + " is not ours: use an address of an interface, or 0.0.0.0");
    }
    if (!ip.gate().isInside(HOME)) {
      throw new IllegalStateException("raw IP is opened in cell " + HOME);
    }
    RawPcb pcb = new RawPcb(this, protocol, local, user);
    List<RawPcb> changed = new ArrayList<>(ports);
    changed.add(pcb);
    ports = List.copyOf(changed);
    open.incrementAndGet(protocol);
    return pcb;
  }

  void remove(RawPcb pcb) {
    ports = ports.stream().filter(each -> each != pcb).toList();
    open.decrementAndGet(pcb.protocol());
  }

  @Override
  public boolean isOpen(int protocol) {
    return open.get(protocol) > 0;
  }

  @Override
  public void copy(int from, InboundPacket packet) {
    int length = packet.transport() - packet.network() + packet.transportLength();
    if (from == HOME) {
      show(packet.protocol(), packet.landing(), packet.network(), length);
      return;
    }
    Chunk chunk = null;
    if (copies.get() < MOST_COPIES) {
      chunk = ip.context().buffers().copyOf(packet.segment(), packet.network(), length);
    }
    if (chunk == null) {
      ip.cell(from).drop(DropReason.RAW_QUEUE_FULL);
      return;
    }
    copies.incrementAndGet();
    ip.gate().post(new Copy(packet.protocol(), chunk, length));
  }

  /** A packet on its way to the control cell. */
  private final class Copy extends Section {
    private final int protocol;
    private final Chunk chunk;
    private final int length;

    Copy(int protocol, Chunk chunk, int length) {
      super(HOME);
      this.protocol = protocol;
      this.chunk = chunk;
      this.length = length;
    }

    @Override
    protected void run() {
      copies.decrementAndGet();
      try {
        show(protocol, new Landing(chunk.segment(), home -> {}), 0, length);
      } finally {
        chunk.release();
      }
    }
  }

  private void show(int protocol, Landing landing, int at, int length) {
    IpAddress remote = IpAddress.ofIpv4(Ipv4Header.source(landing.segment(), at));
    IpAddress local = IpAddress.ofIpv4(Ipv4Header.destination(landing.segment(), at));
    int offset = landing.offset();
    int whole = landing.length();
    ChecksumState checksum = landing.checksum();
    GsoType gso = landing.gsoType();
    int gsoSize = landing.gsoSize();
    int gsoHeaders = landing.headerLength();
    try {
      for (RawPcb pcb : ports) {
        if (pcb.protocol() == protocol && pcb.takes(local)) {
          landing.describe(at, length, landing.queue());
          if (!pcb.user().received(remote, local, landing)) {
            cell.drop(DropReason.RAW_QUEUE_FULL);
          }
        }
      }
    } finally {
      landing.describe(offset, whole, landing.queue());
      landing.checksum(checksum);
      landing.gso(gso, gsoSize, gsoHeaders);
    }
  }

  Sent send(RawPcb pcb, IpAddress remote, MemorySegment source, long offset, int length) {
    if (!remote.isIpv4() || remote.isAny()) {
      return Sent.INVALID_ADDRESS;
    }
    Path path = paths.route(pcb.local(), remote);
    if (path == null) {
      cell.drop(DropReason.NO_ROUTE);
      return Sent.UNREACHABLE;
    }
    if (path.isBroadcast() && !pcb.broadcast()) {
      return Sent.INVALID_ADDRESS;
    }
    if (length > (pcb.dontFragment() ? path.mtu() - Ipv4Header.MIN_LENGTH : MOST_PAYLOAD)) {
      cell.drop(DropReason.TOO_BIG);
      return Sent.TOO_BIG;
    }
    if (source.isNative()) {
      return send(pcb, path, source, offset, length);
    }
    // Drivers gather from off-heap memory.
    Chunk chunk = ip.context().buffers().copyOf(source, offset, length);
    if (chunk == null) {
      cell.drop(DropReason.NO_BUFFER);
      return Sent.DROPPED;
    }
    Sent sent = send(pcb, path, chunk.segment(), 0, length);
    chunk.release();
    return sent;
  }

  private Sent send(RawPcb pcb, Path path, MemorySegment source, long offset, int length) {
    OutboundPacket packet = output.begin(path, pcb.protocol(), 0);
    packet.dontFragment(pcb.dontFragment());
    packet.apply(pcb.ip());
    packet.payload(source, offset, length);
    PacketOutput.Outcome outcome = output.end(null);
    if (outcome == PacketOutput.Outcome.SENT) {
      return Sent.SENT;
    }
    @Nullable SlotLink slot = ip.slot(path.slot());
    return outcome == PacketOutput.Outcome.BLOCKED && slot != null && slot.isUp()
        ? Sent.DROPPED
        : Sent.UNREACHABLE;
  }

  /** Shows the open ports of a cell; inside it. */
  public void views(int index, Consumer<? super PcbView> consumer) {
    if (index == HOME) {
      ports.forEach(pcb -> consumer.accept(pcb.view(index)));
    }
  }

  /** Says what does not hold in a cell, one line each; inside it. */
  public void checkInvariants(int index, Consumer<String> violations) {
    if (index != HOME) {
      return;
    }
    int[] counted = new int[PROTOCOLS];
    for (RawPcb pcb : ports) {
      counted[pcb.protocol()]++;
      if (pcb.isClosed()) {
        violations.accept("raw IP " + pcb.protocol() + " is closed and still in the list");
      }
    }
    for (int i = 0; i < PROTOCOLS; i++) {
      if (counted[i] != open.get(i)) {
        violations.accept("raw IP " + i + " is open " + counted[i] + " times, not " + open.get(i));
      }
    }
  }
}
