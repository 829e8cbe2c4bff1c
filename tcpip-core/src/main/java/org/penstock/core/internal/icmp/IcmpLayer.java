package org.penstock.core.internal.icmp;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.Icmp;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.ControlMessages;
import org.penstock.core.internal.ip.Homes;
import org.penstock.core.internal.ip.IcmpError;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Ipv4Output;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.PathCache;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.ip.Transport;
import org.penstock.core.internal.wire.Icmpv4;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.UdpHeader;

/**
 * ICMP of IPv4 (RFC 792, RFC 1122 §3.2.2): answers echoes, sends those that tools ask for, and
 * tells the transports of errors about their packets.
 */
public final class IcmpLayer implements Icmp, ControlMessages {

  /** The longest payload of an echo: a whole IPv4 packet without the two headers. */
  private static final int MOST_PAYLOAD =
      Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - Icmpv4.HEADER_LENGTH;

  private final IpLayer ip;
  private final IcmpErrors errors;
  private final Transport tcp;
  private final Transport udp;
  private final EchoRequests[] requests;
  private final PathCache[] paths;
  private final AtomicInteger sequence = new AtomicInteger();

  /**
   * ICMP of a stack.
   *
   * @param errors the way out for errors
   * @param tcp is told of errors about segments
   * @param udp is told of errors about datagrams
   */
  public IcmpLayer(IpLayer ip, IcmpErrors errors, Transport tcp, Transport udp) {
    this.ip = ip;
    this.errors = errors;
    this.tcp = tcp;
    this.udp = udp;
    this.requests = new EchoRequests[ip.cells()];
    this.paths = new PathCache[ip.cells()];
    int identifier = ip.context().random().nextInt(1 << 16);
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new EchoRequests(ip, i, identifier);
      paths[i] = new PathCache(ip.output(i));
    }
  }

  @Override
  public CompletionStage<Echo> echo(IpAddress remote, int payload, long timeoutNanos) {
    if (payload < 0 || payload > MOST_PAYLOAD) {
      throw new IllegalArgumentException(
          "echo payload " + payload + " is not between 0 and " + MOST_PAYLOAD + " bytes");
    }
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("echo timeout " + timeoutNanos + " ns is not above zero");
    }
    IpAddress source = ip.tables().sourceFor(remote);
    IpAddress local = source == null ? IpAddress.ANY_IPV4 : source;
    // Without a source there is nothing to wait for, but the outcome is told as all others are.
    int home =
        source == null
            ? Homes.CONTROL
            : ip.homes().ofEcho(remote.high(), remote.low(), local.high(), local.low());
    EchoRequest request =
        new EchoRequest(
            requests[home],
            home,
            local,
            remote,
            payload,
            timeoutNanos,
            sequence.incrementAndGet() & 0xffff,
            ip.context().random().nextLong());
    ip.gate().post(request);
    return request.result;
  }

  @Override
  public boolean input(int cell, InboundPacket packet) {
    ip.cell(cell).count(Counter.ICMP_IN_MESSAGES);
    DropReason reason =
        Icmpv4.check(packet.segment(), packet.transport(), packet.transportLength());
    if (reason == null) {
      // What devices know of checksums is about TCP and UDP.
      reason = Icmpv4.verify(packet.segment(), packet.transport(), packet.transportLength());
    }
    if (reason == null) {
      reason = message(cell, packet);
    }
    if (reason != null) {
      SlotLink slot = ip.slot(packet.slot());
      if (slot != null) {
        slot.dropped(cell, reason, packet.landing());
      } else {
        ip.cell(cell).drop(reason);
      }
    }
    return false;
  }

  @Override
  public void protocolUnreachable(int cell, InboundPacket packet) {
    errors.protocolUnreachable(cell, packet);
  }

  @Override
  public void reassemblyTimeExceeded(int cell, InboundPacket first) {
    errors.reassemblyTimeExceeded(cell, first);
  }

  /** Ends the echo requests of a cell as unreachable, because the stack stops; inside the cell. */
  public void close(int cell) {
    requests[cell].close();
  }

  private @Nullable DropReason message(int cell, InboundPacket packet) {
    int type = Icmpv4.type(packet.segment(), packet.transport());
    switch (type) {
      case Icmpv4.ECHO_REQUEST -> {
        ip.cell(cell).count(Counter.ICMP_IN_ECHO_REQUESTS);
        // RFC 1122 §3.2.2.6 lets a host discard echoes to groups, which would multiply.
        if (!packet.isUnicast()) {
          return DropReason.ICMP_IGNORED;
        }
        answer(ip.cell(cell), packet);
        return null;
      }
      case Icmpv4.ECHO_REPLY -> {
        ip.cell(cell).count(Counter.ICMP_IN_ECHO_REPLIES);
        return requests[cell].reply(packet) ? null : DropReason.ICMP_IGNORED;
      }
      case Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.TIME_EXCEEDED, Icmpv4.PARAMETER_PROBLEM -> {
        ip.cell(cell).count(Counter.ICMP_IN_ERRORS);
        return error(cell, type, packet);
      }
      // RFC 6633 §3: anybody could slow others down by it.
      case Icmpv4.SOURCE_QUENCH -> {
        ip.cell(cell).count(Counter.ICMP_IN_SOURCE_QUENCHES);
        return DropReason.ICMP_IGNORED;
      }
      // Differs from RFC 1122 §3.2.2.2, which has routes changed, because anybody on the link can
      // forge one, and the gateway that sends it passes the packet on anyway.
      case Icmpv4.REDIRECT -> {
        ip.cell(cell).count(Counter.ICMP_IN_REDIRECTS);
        return DropReason.ICMP_IGNORED;
      }
      // RFC 1122 §3.2.2.8 leaves timestamps to the host, §3.2.2.7 and RFC 6918 bury the rest.
      default -> {
        return DropReason.ICMP_IGNORED;
      }
    }
  }

  /** Sends the payload back from where it landed: the list is read when the send returns. */
  private void answer(Cell cell, InboundPacket packet) {
    Ipv4Output output = ip.output(cell.index());
    Path path = paths[cell.index()].route(packet.destination(), packet.source());
    if (path == null) {
      cell.drop(DropReason.NO_ROUTE);
      return;
    }
    MemorySegment memory = packet.segment();
    int at = packet.transport();
    OutboundPacket reply = output.begin(path, IpProtocol.ICMPV4, Icmpv4.HEADER_LENGTH);
    Icmpv4.write(
        reply.header(), reply.transport(), Icmpv4.ECHO_REPLY, 0, Icmpv4.restOfHeader(memory, at));
    int payload = packet.transportLength() - Icmpv4.HEADER_LENGTH;
    reply.payload(memory, at + Icmpv4.HEADER_LENGTH, payload);
    if (output.end(null) == PacketOutput.Outcome.SENT) {
      cell.count(Counter.ICMP_OUT_MESSAGES);
    }
  }

  private @Nullable DropReason error(int cell, int type, InboundPacket packet) {
    MemorySegment memory = packet.segment();
    int at = packet.transport();
    DropReason reason = Icmpv4.checkQuotedPacket(memory, at, packet.transportLength());
    if (reason != null) {
      return reason;
    }
    int quoted = (int) Icmpv4.quotedPacket(at);
    int ports = quoted + Ipv4Header.headerLength(memory, quoted);
    IpAddress local = IpAddress.ofIpv4(Ipv4Header.source(memory, quoted));
    IpAddress remote = IpAddress.ofIpv4(Ipv4Header.destination(memory, quoted));
    if (!packet.isUnicast() || !ip.tables().isLocal(local)) {
      return DropReason.ICMP_IGNORED;
    }
    int code = Icmpv4.code(memory, at);
    int protocol = Ipv4Header.protocol(memory, quoted);
    if (protocol == IpProtocol.ICMPV4) {
      boolean known =
          Icmpv4.type(memory, ports) == Icmpv4.ECHO_REQUEST
              && requests[cell].error(
                  Icmpv4.identifier(memory, ports),
                  Icmpv4.sequence(memory, ports),
                  remote,
                  packet.source());
      return known ? null : DropReason.ICMP_IGNORED;
    }
    if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) {
      return DropReason.ICMP_IGNORED;
    }
    IcmpError error =
        new IcmpError(
            kind(type, code),
            failure(type, code),
            packet.source(),
            local,
            UdpHeader.sourcePort(memory, ports),
            remote,
            UdpHeader.destinationPort(memory, ports),
            TcpHeader.sequence(memory, ports),
            Ipv4Header.totalLength(memory, quoted),
            Icmpv4.nextHopMtu(memory, at));
    (protocol == IpProtocol.TCP ? tcp : udp).icmpError(cell, error);
    return null;
  }

  private static IcmpError.Kind kind(int type, int code) {
    return switch (type) {
      case Icmpv4.DESTINATION_UNREACHABLE ->
          switch (code) {
            case Icmpv4.PROTOCOL_UNREACHABLE, Icmpv4.PORT_UNREACHABLE -> IcmpError.Kind.REFUSED;
            case Icmpv4.FRAGMENTATION_NEEDED -> IcmpError.Kind.TOO_BIG;
            case Icmpv4.NETWORK_PROHIBITED,
                Icmpv4.HOST_PROHIBITED,
                Icmpv4.COMMUNICATION_PROHIBITED ->
                IcmpError.Kind.PROHIBITED;
            default -> IcmpError.Kind.UNREACHABLE;
          };
      case Icmpv4.PARAMETER_PROBLEM -> IcmpError.Kind.PARAMETER_PROBLEM;
      default -> IcmpError.Kind.UNREACHABLE;
    };
  }

  private static TcpFailure failure(int type, int code) {
    if (type != Icmpv4.DESTINATION_UNREACHABLE) {
      return TcpFailure.HOST_UNREACHABLE;
    }
    // RFC 1122 §3.2.2.1: codes 6 and 11 speak of the network, 7, 8 and 12 of the host.
    return switch (code) {
      case Icmpv4.PROTOCOL_UNREACHABLE, Icmpv4.PORT_UNREACHABLE -> TcpFailure.PORT_UNREACHABLE;
      case Icmpv4.NETWORK_UNREACHABLE,
          Icmpv4.FRAGMENTATION_NEEDED,
          Icmpv4.SOURCE_ROUTE_FAILED,
          6,
          Icmpv4.NETWORK_PROHIBITED,
          11 ->
          TcpFailure.NETWORK_UNREACHABLE;
      default -> TcpFailure.HOST_UNREACHABLE;
    };
  }
}
