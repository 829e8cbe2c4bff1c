package org.penstock.core.internal.icmp;

import org.jspecify.annotations.Nullable;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.ip.IpLayer;
import org.penstock.core.internal.ip.Ipv4Output;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput.Outcome;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.ip.SlotLink;
import org.penstock.core.internal.wire.Icmpv4;
import org.penstock.core.internal.wire.IpProtocol;

/**
 * Sends ICMP errors, where RFC 1122 §3.2.2 allows one and the rate limit of RFC 1812 §4.3.2.8 lets
 * it pass. Called inside the cell of the packet that the error is about.
 */
public final class IcmpErrors {

  /** Errors a second, in the long run, if each took one token. */
  private static final int RATE = 1000;

  private static final int BURST = 50;

  /** RFC 1812 §4.3.2.3: as much of the packet as fits into 576 bytes. */
  private static final int MOST_QUOTED = 576 - 20 - Icmpv4.HEADER_LENGTH;

  private final IpLayer ip;
  private final RateLimit limit = new RateLimit(1_000_000_000L / RATE, BURST);

  /** Errors sent over that IP. */
  public IcmpErrors(IpLayer ip) {
    this.ip = ip;
  }

  /** Says that nobody has opened the port a packet was for. */
  public void portUnreachable(int cell, InboundPacket about) {
    send(cell, about, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.PORT_UNREACHABLE);
  }

  /** Says that nothing handles the protocol of a packet. */
  public void protocolUnreachable(int cell, InboundPacket about) {
    send(cell, about, Icmpv4.DESTINATION_UNREACHABLE, Icmpv4.PROTOCOL_UNREACHABLE);
  }

  /** Says that the rest of a packet did not come in time; {@code about} is its first fragment. */
  public void reassemblyTimeExceeded(int cell, InboundPacket about) {
    send(cell, about, Icmpv4.TIME_EXCEEDED, Icmpv4.REASSEMBLY_TIME_EXCEEDED);
  }

  private void send(int index, InboundPacket about, int type, int code) {
    Cell cell = ip.cell(index);
    if (!isAllowed(about)) {
      return;
    }
    // One to three tokens: a limit that could be counted from outside would tell an attacker which
    // ports are open, by errors that fail to come back to somebody else.
    if (!limit.take(cell.now(), 1 + ip.context().random().nextInt(3))) {
      dropped(index, about);
      return;
    }
    Ipv4Output output = ip.output(index);
    Path path = output.route(about.destination(), about.source());
    if (path == null) {
      cell.drop(DropReason.NO_ROUTE);
      return;
    }
    OutboundPacket error = output.begin(path, IpProtocol.ICMPV4, Icmpv4.HEADER_LENGTH);
    Icmpv4.write(error.header(), error.transport(), type, code, 0);
    int length = about.transport() - about.network() + about.transportLength();
    error.payload(about.segment(), about.network(), Math.min(length, MOST_QUOTED));
    if (output.end(null) == Outcome.SENT) {
      cell.count(Counter.ICMP_OUT_MESSAGES);
      cell.count(Counter.ICMP_OUT_ERRORS);
    }
  }

  /**
   * RFC 1122 §3.2.2: never about an ICMP error, nor about what was sent to more than one host, nor
   * about a later fragment, nor to a source that is not one host. Later fragments never get here,
   * and sources and link broadcasts of that kind were dropped before.
   */
  private static boolean isAllowed(InboundPacket about) {
    return about.isUnicast()
        && (about.protocol() != IpProtocol.ICMPV4
            || !Icmpv4.isError(Icmpv4.type(about.segment(), about.transport())));
  }

  private void dropped(int cell, InboundPacket about) {
    @Nullable SlotLink slot = ip.slot(about.slot());
    if (slot != null) {
      slot.dropped(cell, DropReason.ICMP_RATE_LIMITED, null);
    }
  }
}
