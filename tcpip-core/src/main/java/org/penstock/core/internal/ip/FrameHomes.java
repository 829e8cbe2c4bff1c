package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkType;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;
import org.penstock.core.internal.wire.Icmpv4;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.Ipv4Header;
import org.penstock.core.internal.wire.UdpHeader;

/**
 * Finds the cell a raw frame belongs to, before anybody is inside of anything. On a packet's way:
 * the first step, on the reader's thread. Nothing of the frame was checked, so it reads no further
 * than the frame goes; what it can't make sense of goes to the control cell, to be dropped there.
 */
final class FrameHomes {

  /** The ports or the ICMP header, and what an error quotes of them. */
  private static final int TRANSPORT_READ = 8;

  private final Homes homes;
  private final Transport tcp;
  private final Transport udp;

  FrameHomes(Homes homes, Transport tcp, Transport udp) {
    this.homes = homes;
    this.tcp = tcp;
    this.udp = udp;
  }

  int cellOf(LinkType link, Landing frame) {
    MemorySegment memory = frame.segment();
    int offset = frame.offset();
    int length = frame.length();
    if (link == LinkType.ETHERNET) {
      if (length < EthernetFrame.HEADER_LENGTH
          || EthernetFrame.type(memory, offset) != EtherType.IPV4) {
        return Homes.CONTROL;
      }
      offset += EthernetFrame.HEADER_LENGTH;
      length -= EthernetFrame.HEADER_LENGTH;
    }
    return ofPacket(memory, offset, length);
  }

  /** The home of a packet that was put together from fragments, given where it starts. */
  int ofPacket(Landing frame, int network) {
    return ofPacket(frame.segment(), network, Ipv4Header.totalLength(frame.segment(), network));
  }

  private int ofPacket(MemorySegment memory, int offset, int length) {
    if (length < Ipv4Header.MIN_LENGTH) {
      return Homes.CONTROL;
    }
    int header = Ipv4Header.headerLength(memory, offset);
    if (header < Ipv4Header.MIN_LENGTH) {
      return Homes.CONTROL;
    }
    int source = Ipv4Header.source(memory, offset);
    int destination = Ipv4Header.destination(memory, offset);
    int protocol = Ipv4Header.protocol(memory, offset);
    if (Ipv4Header.isFragment(memory, offset)) {
      int id = Ipv4Header.identification(memory, offset);
      return homes.ofFragments(source, destination, protocol, id);
    }
    if (header + TRANSPORT_READ > length) {
      return Homes.CONTROL;
    }
    int transport = offset + header;
    return switch (protocol) {
      case IpProtocol.TCP, IpProtocol.UDP ->
          ofFlow(protocol, memory, source, destination, transport, false);
      case IpProtocol.ICMPV4 -> ofMessage(memory, source, destination, transport, length - header);
      default -> Homes.CONTROL;
    };
  }

  private int ofMessage(MemorySegment memory, int source, int destination, int offset, int length) {
    if (!Icmpv4.isError(Icmpv4.type(memory, offset))) {
      return homes.ofEcho(0, Ipv4Mapped.low(source), 0, Ipv4Mapped.low(destination));
    }
    if (Icmpv4.checkQuotedPacket(memory, offset, length) != null) {
      return Homes.CONTROL;
    }
    // An error goes to the flow it quotes, which is one of ours: its source is us.
    int quoted = (int) Icmpv4.quotedPacket(offset);
    int from = Ipv4Header.source(memory, quoted);
    int to = Ipv4Header.destination(memory, quoted);
    int transport = quoted + Ipv4Header.headerLength(memory, quoted);
    int protocol = Ipv4Header.protocol(memory, quoted);
    return switch (protocol) {
      case IpProtocol.TCP, IpProtocol.UDP -> ofFlow(protocol, memory, to, from, transport, true);
      case IpProtocol.ICMPV4 -> homes.ofEcho(0, Ipv4Mapped.low(to), 0, Ipv4Mapped.low(from));
      default -> Homes.CONTROL;
    };
  }

  /** The home of a flow, given as if the packet had been received: from the peer to us. */
  private int ofFlow(
      int protocol, MemorySegment memory, int peer, int us, int offset, boolean reversed) {
    // TCP and UDP have their ports at the same place.
    int first = UdpHeader.sourcePort(memory, offset);
    int second = UdpHeader.destinationPort(memory, offset);
    return (protocol == IpProtocol.TCP ? tcp : udp)
        .cellOf(
            0,
            Ipv4Mapped.low(peer),
            reversed ? second : first,
            0,
            Ipv4Mapped.low(us),
            reversed ? first : second);
  }
}
