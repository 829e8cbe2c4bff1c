package org.penstock.core.internal.udp;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.Udp;
import org.penstock.core.api.UdpPort.Sent;
import org.penstock.core.api.UdpUser;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.icmp.IcmpErrors;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Ipv4Output;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.PathCache;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.wire.Checksum;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.UdpHeader;

/** UDP in one cell: its open addresses, and datagrams in and out. Owned by the cell. */
final class UdpCell {

  private static final int MOST_PAYLOAD =
      Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - UdpHeader.LENGTH;

  private final IpLayer ip;
  private final IcmpErrors errors;
  private final Cell cell;
  private final Ipv4Output output;
  private final UdpPortTable ports = new UdpPortTable();
  private final TransportAddresses addresses = new TransportAddresses();
  private final PathCache paths;

  UdpCell(IpLayer ip, IcmpErrors errors, int cell) {
    this.ip = ip;
    this.errors = errors;
    this.cell = ip.cell(cell);
    this.output = ip.output(cell);
    this.paths = new PathCache(output);
  }

  UdpPcb open(TransportAddress local, UdpUser user) {
    UdpPcb pcb = new UdpPcb(this, local, user);
    ports.add(pcb);
    return pcb;
  }

  void remove(UdpPcb pcb) {
    ports.remove(pcb);
  }

  void input(InboundPacket packet) {
    MemorySegment memory = packet.segment();
    int at = packet.transport();
    DropReason reason = UdpHeader.check(memory, at, packet.transportLength());
    if (reason == null && packet.landing().checksum() == ChecksumState.UNVERIFIED) {
      reason = UdpHeader.verify(memory, at, pseudoHeader(packet));
    }
    if (reason != null) {
      cell.count(Counter.UDP_IN_ERRORS);
      dropped(packet, reason);
      return;
    }
    deliver(packet, ports.find(UdpHeader.destinationPort(memory, at)));
  }

  private static long pseudoHeader(InboundPacket packet) {
    return Checksum.pseudoHeader(
        (int) packet.sourceLow(),
        (int) packet.destinationLow(),
        Udp.PROTOCOL,
        UdpHeader.length(packet.segment(), packet.transport()));
  }

  private void deliver(InboundPacket packet, UdpPcb[] candidates) {
    boolean specific = false;
    for (UdpPcb pcb : candidates) {
      specific |= pcb.isBoundTo(packet.destinationHigh(), packet.destinationLow());
    }
    int matching = 0;
    for (UdpPcb pcb : candidates) {
      // A handler of the same datagram may have closed it since the table was read.
      if (!pcb.isClosed() && matches(pcb, packet, specific)) {
        matching++;
        hand(pcb, packet);
      }
    }
    if (matching == 0) {
      cell.count(Counter.UDP_NO_PORTS);
      errors.portUnreachable(cell.index(), packet);
      dropped(packet, DropReason.NO_UDP_PORT);
    }
  }

  private boolean matches(UdpPcb pcb, InboundPacket packet, boolean specific) {
    if (packet.isUnicast()) {
      return specific
          ? pcb.isBoundTo(packet.destinationHigh(), packet.destinationLow())
          : pcb.isBoundToAny() && pcb.local().address().isIpv4();
    }
    // A broadcast is for every station, so it matches each of our addresses on that link.
    return pcb.local().address().isIpv4()
        && (pcb.isBoundToAny() || isOnLinkOf(packet.slot(), pcb.local().address()));
  }

  private boolean isOnLinkOf(int slot, IpAddress address) {
    for (IpPrefix own : ip.tables().addresses(slot)) {
      if (own.address().equals(address)) {
        return true;
      }
    }
    return false;
  }

  /** Shows the payload to a user, piece by piece where a device has put datagrams together. */
  private void hand(UdpPcb pcb, InboundPacket packet) {
    Landing landing = packet.landing();
    int offset = landing.offset();
    int length = landing.length();
    ChecksumState checksum = landing.checksum();
    GsoType gso = landing.gsoType();
    int gsoSize = landing.gsoSize();
    int gsoHeaders = landing.headerLength();
    int at = packet.transport();
    int payload = UdpHeader.length(packet.segment(), at) - UdpHeader.LENGTH;
    int piece = gso == GsoType.UDP && gsoSize > 0 ? gsoSize : Math.max(payload, 1);
    TransportAddress remote =
        addresses.of(
            packet.sourceHigh(), packet.sourceLow(), UdpHeader.sourcePort(packet.segment(), at));
    TransportAddress local =
        addresses.of(packet.destinationHigh(), packet.destinationLow(), pcb.local().port());
    try {
      int done = 0;
      do {
        int size = Math.min(piece, payload - done);
        landing.describe(at + UdpHeader.LENGTH + done, size, landing.queue());
        if (pcb.user().received(remote, local, packet.dscp(), landing)) {
          cell.count(Counter.UDP_IN_DATAGRAMS);
        } else {
          cell.drop(DropReason.UDP_QUEUE_FULL);
        }
        done += size;
      } while (done < payload && !pcb.isClosed());
    } finally {
      landing.describe(offset, length, landing.queue());
      landing.checksum(checksum);
      landing.gso(gso, gsoSize, gsoHeaders);
    }
  }

  Sent send(
      UdpPcb pcb,
      TransportAddress remote,
      MemorySegment source,
      long offset,
      int length,
      IpSettings settings) {
    IpAddress to = remote.address();
    IpAddress from = pcb.local().address();
    if (remote.port() == 0 || to.isAny() || to.isIpv4() != from.isIpv4()) {
      return Sent.INVALID_ADDRESS;
    }
    if (length > MOST_PAYLOAD) {
      cell.drop(DropReason.TOO_BIG);
      return Sent.TOO_BIG;
    }
    Path path = paths.route(from, to);
    if (path == null) {
      cell.drop(DropReason.NO_ROUTE);
      return Sent.UNREACHABLE;
    }
    // RFC 1122 §3.3.6: who means every station says so.
    if (path.isBroadcast() && !pcb.broadcast()) {
      return Sent.INVALID_ADDRESS;
    }
    if (pcb.dontFragment() && Ipv4Header.MIN_LENGTH + UdpHeader.LENGTH + length > path.mtu()) {
      cell.drop(DropReason.TOO_BIG);
      return Sent.TOO_BIG;
    }
    if (source.isNative()) {
      return send(pcb, path, remote.port(), source, offset, length, settings);
    }
    // Drivers gather from off-heap memory.
    Chunk chunk = ip.context().buffers().copyOf(source, offset, length);
    if (chunk == null) {
      cell.drop(DropReason.NO_BUFFER);
      return Sent.DROPPED;
    }
    Sent sent = send(pcb, path, remote.port(), chunk.segment(), 0, length, settings);
    chunk.release();
    return sent;
  }

  private Sent send(
      UdpPcb pcb,
      Path path,
      int remotePort,
      MemorySegment source,
      long offset,
      int length,
      IpSettings settings) {
    OutboundPacket packet = output.begin(path, Udp.PROTOCOL, UdpHeader.LENGTH);
    UdpHeader.write(
        packet.header(),
        packet.transport(),
        pcb.local().port(),
        remotePort,
        UdpHeader.LENGTH + length);
    packet.apply(settings);
    packet.dontFragment(pcb.dontFragment());
    packet.payload(source, offset, length);
    Outcome outcome = output.end(null);
    if (outcome == Outcome.SENT) {
      cell.count(Counter.UDP_OUT_DATAGRAMS);
      return Sent.SENT;
    }
    SlotLink slot = ip.slot(path.slot());
    return outcome == Outcome.BLOCKED && slot != null && slot.isUp()
        ? Sent.DROPPED
        : Sent.UNREACHABLE;
  }

  void error(IcmpError error) {
    if (error.kind() == IcmpError.Kind.TOO_BIG) {
      tooBig(error);
      return;
    }
    TransportAddress remote = null;
    for (UdpPcb pcb : ports.find(error.localPort())) {
      if (isBoundTo(pcb, error.local()) && !pcb.isClosed()) {
        remote = remote == null ? address(error) : remote;
        pcb.user().unreachable(remote, error.failure());
      }
    }
  }

  /**
   * RFC 1191 §6.4, only for those whose datagrams must not be fragmented, since about others no
   * router says so. RFC 5927 §7: that a datagram was sent there lately, and was longer, is all that
   * can be asked for.
   */
  private void tooBig(IcmpError error) {
    Path path = paths.used(error.local(), error.remote());
    boolean sent = false;
    for (UdpPcb pcb : ports.find(error.localPort())) {
      sent |= pcb.dontFragment() && isBoundTo(pcb, error.local());
    }
    if (sent && path != null && output.isCurrent(path)) {
      int length = error.length();
      if (length > error.mtu() && length <= path.mtu()) {
        output.tooBig(path, error.mtu(), length);
      }
    } else {
      cell.drop(DropReason.ICMP_IGNORED);
    }
  }

  private static boolean isBoundTo(UdpPcb pcb, IpAddress local) {
    return pcb.isBoundToAny() || pcb.local().address().equals(local);
  }

  private TransportAddress address(IcmpError error) {
    return addresses.of(error.remote().high(), error.remote().low(), error.remotePort());
  }

  void views(Consumer<? super PcbView> consumer) {
    ports.forEach(pcb -> consumer.accept(pcb.view(cell.index())));
  }

  void checkInvariants(Consumer<String> violations) {
    ports.forEach(pcb -> {
      String name = "UDP " + pcb.local() + " in cell " + cell.index();
      if (pcb.isClosed()) {
        violations.accept(name + " is closed and still in the table");
      }
      if (ip.homes().ofUdpPort(pcb.local().port()) != cell.index()) {
        violations.accept(name + " is at home elsewhere");
      }
      if (ip.context().ports().references(Udp.PROTOCOL, pcb.local().port()) < 1) {
        violations.accept(name + " holds no reference on its port");
      }
    });
  }

  private void dropped(InboundPacket packet, DropReason reason) {
    @Nullable SlotLink slot = ip.slot(packet.slot());
    if (slot != null) {
      slot.dropped(cell.index(), reason, packet.landing());
    } else {
      cell.drop(reason);
    }
  }
}
