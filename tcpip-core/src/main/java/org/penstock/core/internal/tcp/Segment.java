package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.ip.InboundPacket;
import org.penstock.core.internal.wire.Checksum;
import org.penstock.core.internal.wire.IpProtocol;
import org.penstock.core.internal.wire.TcpFlags;
import org.penstock.core.internal.wire.TcpHeader;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * The segment that has arrived, taken out of its packet: the SEG variables of RFC 9293 §3.3.1. One
 * object a cell, filled anew for each segment. A super-segment of the device's receive coalescing
 * is one segment with a long text.
 */
final class Segment {

  private final TcpOptions options = new TcpOptions();
  private Landing landing = new Landing(MemorySegment.NULL, home -> {});
  private boolean keepable;
  private boolean kept;
  private boolean unicast;

  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;
  private int ports;

  private int sequence;
  private int acknowledgment;
  private int flags;
  private boolean marked;
  private int dscp;
  private int window;
  private int urgentEnd;
  private int text;
  private int length;
  private int pieceSize;

  /**
   * Reads the header.
   *
   * @return why to drop the segment, null if it is fine
   */
  @Nullable DropReason read(InboundPacket packet) {
    MemorySegment memory = packet.segment();
    int header = packet.transport();
    int total = packet.transportLength();
    DropReason reason = TcpHeader.check(memory, header, total);
    if (reason != null) {
      return reason;
    }
    landing = packet.landing();
    sourceHigh = packet.sourceHigh();
    sourceLow = packet.sourceLow();
    destinationHigh = packet.destinationHigh();
    destinationLow = packet.destinationLow();
    if (landing.checksum() == ChecksumState.UNVERIFIED) {
      reason = TcpHeader.verify(memory, header, total, pseudoHeader(total));
      if (reason != null) {
        return reason;
      }
    }
    keepable = packet.isKeepable();
    kept = false;
    unicast = packet.isUnicast();
    ports = TcpHeader.ports(memory, header);
    sequence = TcpHeader.sequence(memory, header);
    acknowledgment = TcpHeader.acknowledgment(memory, header);
    flags = TcpHeader.flags(memory, header);
    marked = packet.ecn() == Ecn.CE;
    dscp = packet.dscp();
    window = TcpHeader.window(memory, header);
    urgentEnd = sequence + TcpHeader.urgentPointer(memory, header);
    int headerLength = TcpHeader.headerLength(memory, header);
    text = header + headerLength;
    length = total - headerLength;
    pieceSize = landing.gsoType() == GsoType.NONE ? length : Math.min(landing.gsoSize(), length);
    if (headerLength == TcpHeader.MIN_LENGTH) {
      options.clear();
    } else {
      options.parse(memory, header);
    }
    return null;
  }

  private long pseudoHeader(int total) {
    if (isIpv4()) {
      return Checksum.pseudoHeader((int) sourceLow, (int) destinationLow, IpProtocol.TCP, total);
    }
    return Checksum.pseudoHeader(
        sourceHigh, sourceLow, destinationHigh, destinationLow, IpProtocol.TCP, total);
  }

  boolean isIpv4() {
    return sourceHigh == 0 && sourceLow >>> 32 == 0xffff;
  }

  TcpOptions options() {
    return options;
  }

  Landing landing() {
    return landing;
  }

  /** True if the receive queue may keep the landing. */
  boolean isKeepable() {
    return keepable;
  }

  /** True if the landing belongs to a receive queue now. */
  boolean isKept() {
    return kept;
  }

  /** The landing belongs to a receive queue now. */
  void keep() {
    kept = true;
  }

  boolean isUnicast() {
    return unicast;
  }

  /** The peer's address. */
  long remoteHigh() {
    return sourceHigh;
  }

  long remoteLow() {
    return sourceLow;
  }

  int remotePort() {
    return ports >>> 16;
  }

  /** Our address. */
  long localHigh() {
    return destinationHigh;
  }

  long localLow() {
    return destinationLow;
  }

  int localPort() {
    return ports & 0xffff;
  }

  /** SEG.SEQ. */
  int sequence() {
    return sequence;
  }

  /** SEG.ACK. */
  int acknowledgment() {
    return acknowledgment;
  }

  /** SEG.WND as it stands in the header, not scaled. */
  int window() {
    return window;
  }

  /** True if a router on the way has marked it instead of dropping it (RFC 3168 §5). */
  boolean isMarked() {
    return marked;
  }

  /** The DiffServ codepoint of its packet. */
  int dscp() {
    return dscp;
  }

  /** SEG.UP as a sequence number: behind the urgent data, if it has URG. */
  int urgentEnd() {
    return urgentEnd;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Bytes of text that are left of it. */
  int length() {
    return length;
  }

  /** Bytes of text of each segment of a super-segment, else {@link #length}. */
  int pieceSize() {
    return pieceSize;
  }

  /** How many segments of the sender's it stands for. */
  int pieces() {
    return pieceSize == 0 ? 1 : (length + pieceSize - 1) / pieceSize;
  }

  /** SEG.LEN: text, SYN and FIN. */
  int sequenceLength() {
    return length + TcpFlags.sequenceLength(flags);
  }

  /** The sequence number behind its last. */
  int end() {
    return sequence + sequenceLength();
  }

  /** Where the text starts in {@link #memory}. */
  int text() {
    return text;
  }

  MemorySegment memory() {
    return landing.segment();
  }

  /** Drops sequence numbers from the front, a SYN first. */
  void trimFront(int count) {
    int left = count;
    if (left > 0 && has(TcpFlags.SYN)) {
      flags &= ~TcpFlags.SYN;
      sequence++;
      left--;
    }
    int bytes = Math.min(left, length);
    sequence += bytes;
    text += bytes;
    length -= bytes;
    if (left > bytes) {
      flags &= ~TcpFlags.FIN;
      sequence++;
    }
  }

  /** Drops sequence numbers from the end, a FIN first. */
  void trimEnd(int count) {
    int left = count;
    if (left > 0 && has(TcpFlags.FIN)) {
      flags &= ~(TcpFlags.FIN | TcpFlags.PSH);
      left--;
    }
    length -= Math.min(left, length);
  }
}
