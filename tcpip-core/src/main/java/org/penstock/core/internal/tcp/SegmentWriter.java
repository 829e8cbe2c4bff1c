package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.view.Counter;
import org.penstock.core.api.IpSettings;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.hash.FlowEntry;
import org.penstock.core.internal.ip.OutboundPacket;
import org.penstock.core.internal.ip.PacketOutput;
import org.penstock.core.internal.ip.Path;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.TcpOptionWriter;

/** Writes the segments of a cell and gives them to IP. Owned by the cell. */
final class SegmentWriter {

  private final Cell cell;
  private final PacketOutput output;
  private final int[] edges = SackBlocks.room();

  SegmentWriter(Cell cell, PacketOutput output) {
    this.cell = cell;
    this.output = output;
  }

  /** The way down. */
  PacketOutput output() {
    return output;
  }

  /**
   * Sends a segment of a synchronized connection: with text from its send queue, or without.
   *
   * @param length bytes of text; more than a segment makes a super-segment
   * @return false if it could not be sent: it never was
   */
  boolean send(Connection connection, int sequence, int length, int flags) {
    return send(connection, sequence, length, flags, Ecn.NOT_ECT);
  }

  /**
   * The same with an ECN codepoint of the IP header's.
   *
   * @param codepoint what routers may do to it (RFC 3168 §5)
   */
  boolean send(Connection connection, int sequence, int length, int flags, int codepoint) {
    Path path = connection.refreshPath();
    if (path == null) {
      return false;
    }
    Receiver receiver = connection.receiver();
    NegotiatedOptions options = connection.options();
    int size = connection.sender().segmentSize();
    int field = receiver.windowField();
    // What else there is to tell rides where it fits, so that a full segment stays one.
    int spare = length == 0 ? options.room() : Math.min(options.room(), size - length);
    boolean timeout =
        connection.userTimeout().isDue() && spare >= TcpOptionWriter.USER_TIMEOUT_LENGTH;
    int timeoutLength = timeout ? TcpOptionWriter.USER_TIMEOUT_LENGTH : 0;
    int room = options.sackBlocks(spare - timeoutLength);
    int blocks = receiver.reassembly().blocks().report(edges, room);
    int headerLength =
        TcpHeader.MIN_LENGTH
            + options.lengthOnEverySegment()
            + timeoutLength
            + TcpOptionWriter.sackLength(blocks);
    OutboundPacket packet = output.begin(path, IpProtocol.TCP, headerLength);
    MemorySegment header = packet.header();
    int at = packet.transport();
    // RFC 9293 §3.8.5: an end that is too far away for the field is told as far as it goes.
    int urgent = Math.min(connection.sender().urgent().from(sequence), 0xffff);
    TcpHeader.write(
        header,
        at,
        connection.ports(),
        sequence,
        receiver.next(),
        headerLength,
        flags | connection.ecn().flagsOfAck() | (urgent > 0 ? TcpFlags.URG : 0),
        field,
        urgent);
    // RFC 9293 §3.9.1.9 (SHLD-22): as the user has it at this moment.
    packet.apply(connection.settings().ip());
    packet.ecn(codepoint);
    int option = at + TcpHeader.MIN_LENGTH;
    if (options.hasTimestamps()) {
      option += timestamps(header, option, connection.timestamps());
    }
    if (timeout) {
      option += TcpOptionWriter.userTimeout(header, option, connection.userTimeout().advertised());
    }
    TcpOptionWriter.sack(header, option, edges, blocks);
    int pieces = 1;
    if (length > 0) {
      long delay = connection.pcbs().description().delayedAckNanos();
      receiver.quickAcks().answer(cell.now(), delay);
      connection.sender().queue().gather(sequence, length, packet);
      if (length > size) {
        packet.segment(size);
        pieces = (length + size - 1) / size;
      }
    }
    if (!end(connection)) {
      return false;
    }
    cell.counters().count(Counter.TCP_OUT_SEGMENTS, pieces);
    if (codepoint != Ecn.NOT_ECT) {
      cell.counters().count(Counter.TCP_OUT_ECT, pieces);
    }
    receiver.acknowledgementSent(field);
    receiver.reassembly().blocks().reported(room);
    if (timeout) {
      connection.userTimeout().told();
    }
    return true;
  }

  private int timestamps(MemorySegment header, int at, Timestamps clock) {
    return TcpOptionWriter.timestamps(header, at, clock.value(cell.now()), clock.recent());
  }

  /** Sends the SYN of a connection, with the ACK if the peer's has come. */
  boolean sendSyn(Connection connection) {
    Path path = connection.refreshPath();
    if (path == null) {
      return false;
    }
    Receiver receiver = connection.receiver();
    boolean answer = connection.state() == TcpState.SYN_RECEIVED;
    // RFC 7323 §3.2: TSecr means something with an ACK only, and is zero without.
    Timestamps clock = connection.timestamps();
    writeSyn(
            path,
            connection.ports(),
            connection.sender().initial(),
            answer ? receiver.next() : 0,
            answer
                ? TcpFlags.SYN | TcpFlags.ACK | connection.ecn().flagsOfSynAck()
                : TcpFlags.SYN | connection.ecn().flagsOfSyn(),
            receiver.limit(),
            connection.options(),
            clock.value(cell.now()),
            answer ? clock.recent() : 0,
            receiver.shift(),
            connection.userTimeout().advertised())
        .apply(connection.settings().ip());
    if (!end(connection)) {
      return false;
    }
    cell.count(Counter.TCP_OUT_SEGMENTS);
    return true;
  }

  /**
   * Answers a SYN by a cookie.
   *
   * @param options those of the SYN that we take
   * @param scale the peer's window scale, if that is one of them
   * @param ecn what it asks for of that
   * @param sizing of the window we offer
   * @param ip of the listener
   * @return false if it could not be sent
   */
  boolean sendCookie(
      Segment syn,
      int cookie,
      NegotiatedOptions options,
      int scale,
      Ecn ecn,
      int clock,
      ReceiveSizing sizing,
      IpSettings ip) {
    Path path = route(syn);
    if (path == null) {
      return false;
    }
    writeSyn(
            path,
            FlowEntry.ports(syn.localPort(), syn.remotePort()),
            cookie,
            syn.sequence() + 1,
            TcpFlags.SYN | TcpFlags.ACK | ecn.flagsOfSynAck(),
            sizing.limit(),
            options,
            CookieJar.riding(options, scale, ecn.isCapable(), clock),
            syn.options().timestampValue(),
            Receiver.shiftFor(sizing.most()),
            0)
        .apply(ip);
    if (output.end(null) != PacketOutput.Outcome.SENT) {
      return false;
    }
    cell.count(Counter.TCP_OUT_SEGMENTS);
    return true;
  }

  /** Writes a SYN. In a SYN,ACK the options are only what the SYN had. */
  private OutboundPacket writeSyn(
      Path path,
      int ports,
      int sequence,
      int acknowledgment,
      int flags,
      int window,
      NegotiatedOptions options,
      int clock,
      int echo,
      int shift,
      int userTimeout) {
    int length =
        TcpHeader.MIN_LENGTH
            + TcpOptionWriter.MAXIMUM_SEGMENT_SIZE_LENGTH
            + (options.hasSack() ? TcpOptionWriter.SACK_PERMITTED_LENGTH : 0)
            + options.lengthOnEverySegment()
            + (options.isScaling() ? TcpOptionWriter.WINDOW_SCALE_LENGTH : 0)
            + (userTimeout > 0 ? TcpOptionWriter.USER_TIMEOUT_LENGTH : 0);
    OutboundPacket packet = output.begin(path, IpProtocol.TCP, length);
    MemorySegment header = packet.header();
    int at = packet.transport();
    // RFC 7323 §2.2: the window of a SYN is never scaled.
    TcpHeader.write(
        header, at, ports, sequence, acknowledgment, length, flags, Math.min(window, 0xffff), 0);
    int option = at + TcpHeader.MIN_LENGTH;
    // RFC 6691: what the path carries, without options.
    option += TcpOptionWriter.maximumSegmentSize(header, option, segmentSize(path));
    if (options.hasSack()) {
      option += TcpOptionWriter.sackPermitted(header, option);
    }
    if (options.hasTimestamps()) {
      option += TcpOptionWriter.timestamps(header, option, clock, echo);
    }
    if (options.isScaling()) {
      option += TcpOptionWriter.windowScale(header, option, shift);
    }
    if (userTimeout > 0) {
      TcpOptionWriter.userTimeout(header, option, userTimeout);
    }
    return packet;
  }

  private boolean end(Connection connection) {
    // Whoever waits already is told anyway.
    PacketOutput.Outcome outcome =
        output.end(connection.waiter().isWaiting() ? null : connection.waiter());
    connection.sent(outcome);
    return outcome == PacketOutput.Outcome.SENT;
  }

  /** Resets a connection that the user or a limit ends (RFC 9293 §3.10.5). */
  void reset(Connection connection) {
    Path path = connection.refreshPath();
    if (path != null) {
      bare(
          path,
          connection.ports(),
          connection.sender().next(),
          connection.receiver().next(),
          TcpFlags.RST | TcpFlags.ACK,
          0,
          connection.options().hasTimestamps() ? connection.timestamps() : null,
          connection.settings().ip());
      cell.count(Counter.TCP_OUT_RESETS);
    }
  }

  /** Resets whoever sent a segment that belongs to no connection, or can't (RFC 9293 §3.5.2). */
  void refuse(Segment segment) {
    if (segment.has(TcpFlags.RST)) {
      return;
    }
    Path path = route(segment);
    if (path == null) {
      return;
    }
    int ports = FlowEntry.ports(segment.localPort(), segment.remotePort());
    if (segment.has(TcpFlags.ACK)) {
      // <SEQ=SEG.ACK><CTL=RST>
      bare(path, ports, segment.acknowledgment(), 0, TcpFlags.RST, 0, null, IpSettings.DEFAULT);
    } else {
      // <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
      int flags = TcpFlags.RST | TcpFlags.ACK;
      bare(path, ports, 0, segment.end(), flags, 0, null, IpSettings.DEFAULT);
    }
    cell.count(Counter.TCP_OUT_RESETS);
  }

  /** Answers a segment that has come for a TIME-WAIT. */
  void acknowledge(TimeWait timeWait, Segment segment) {
    Path path = route(segment);
    if (path != null) {
      bare(
          path,
          timeWait.ports(),
          timeWait.sendNext(),
          timeWait.receiveNext(),
          TcpFlags.ACK,
          timeWait.windowField(),
          timeWait.timestamps(),
          timeWait.ip());
    }
  }

  private @Nullable Path route(Segment segment) {
    return output.route(
        IpAddress.of(segment.localHigh(), segment.localLow(), 0),
        IpAddress.of(segment.remoteHigh(), segment.remoteLow(), 0));
  }

  private void bare(
      Path path,
      int ports,
      int sequence,
      int acknowledgment,
      int flags,
      int window,
      @Nullable Timestamps clock,
      IpSettings ip) {
    int length = TcpHeader.MIN_LENGTH + (clock == null ? 0 : TcpOptionWriter.TIMESTAMPS_LENGTH);
    OutboundPacket packet = output.begin(path, IpProtocol.TCP, length);
    MemorySegment header = packet.header();
    int at = packet.transport();
    TcpHeader.write(header, at, ports, sequence, acknowledgment, length, flags, window, 0);
    packet.apply(ip);
    if (clock != null) {
      // RFC 7323 §3.2: in every segment, and in a reset if we can.
      timestamps(header, at + TcpHeader.MIN_LENGTH, clock);
    }
    if (output.end(null) == PacketOutput.Outcome.SENT) {
      cell.count(Counter.TCP_OUT_SEGMENTS);
    }
  }

  /**
   * The text that a segment to us may carry. RFC 1191 §3.1, RFC 6691 §2: by the first link, since
   * what fits through the path from here says nothing about the way back.
   */
  static int segmentSize(Path path) {
    return segmentSize(path.linkMtu(), path.remote().isIpv4());
  }

  /** The text that a segment without options carries in a packet. */
  static int segmentSize(int packet, boolean ipv4) {
    return Math.clamp(packet - headers(ipv4), TcpLimits.LEAST_SEGMENT, 0xffff);
  }

  /** Bytes of IP and TCP header. */
  static int headers(boolean ipv4) {
    return TcpHeader.MIN_LENGTH + (ipv4 ? 20 : 40);
  }
}
