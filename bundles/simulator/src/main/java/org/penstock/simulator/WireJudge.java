package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches the TCP segments that leave each host, as a peer that trusts nobody would, and says what
 * no host may do, whatever the network does to its segments. Knows nothing of the stacks.
 *
 * <p>What it holds, for each direction of each connection: an acknowledgement never goes back and
 * never runs ahead of what the peer has sent; the window's right edge is never taken back (RFC 9293
 * §3.8.6, SHLD-14); nothing is sent beyond the edge that the peer has offered, but for one byte of
 * a probe, and no gap is left; no segment is longer than the peer's MSS allows, options included
 * (RFC 6691 §2); timestamps do not run backwards (RFC 7323 §5.4); what is acknowledged selectively
 * was sent.
 */
final class WireJudge {

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int ETHERNET = 14;
  private static final int IPV4 = 0x0800;
  private static final int TCP = 6;
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  /** RFC 9293 §3.7.1: the MSS of a peer that names none. */
  private static final int DEFAULT_MSS = 536;

  private record Flow(int source, int destination, int ports) {
    Flow back() {
      return new Flow(destination, source, Integer.rotateLeft(ports, 16));
    }
  }

  /** One direction of a connection: what one end has said. */
  private static final class Way {
    final int initial;
    int next;
    int acknowledged;
    boolean hasAcknowledged;
    int mss = DEFAULT_MSS;
    boolean hasMss;
    int shift = -1;
    boolean hasTimestamps;
    int timestamp;

    /** The right edge of what it takes. */
    int edge;

    boolean hasEdge;

    Way(int initial) {
      this.initial = initial;
      this.next = initial;
    }
  }

  private final Map<Flow, Way> ways = new HashMap<>();
  private @Nullable String wrong;

  /** What was wrong first, or null. */
  @Nullable String wrong() {
    return wrong;
  }

  /** A frame leaves a host. */
  void sent(MemorySegment frame) {
    sent(frame, Integer.MAX_VALUE);
  }

  /** A frame leaves a host, to be cut into segments of so many bytes. */
  void sent(MemorySegment frame, int segmentBytes) {
    if (wrong != null
        || frame.byteSize() < ETHERNET + 40
        || u16(frame, 12) != IPV4
        || frame.get(ValueLayout.JAVA_BYTE, ETHERNET + 9) != TCP
        || (u16(frame, ETHERNET + 6) & 0x1fff) != 0) {
      return;
    }
    int tcp = ETHERNET + (frame.get(ValueLayout.JAVA_BYTE, ETHERNET) & 15) * 4;
    int header = (frame.get(ValueLayout.JAVA_BYTE, tcp + 12) >>> 4 & 15) * 4;
    int length = ETHERNET + u16(frame, ETHERNET + 2) - tcp - header;
    Flow flow =
        new Flow(frame.get(I32, ETHERNET + 12), frame.get(I32, ETHERNET + 16), frame.get(I32, tcp));
    judge(flow, new Seen(frame, tcp, header, length, segmentBytes));
  }

  private record Seen(MemorySegment frame, int tcp, int header, int length, int segmentBytes) {
    int sequence() {
      return frame.get(I32, tcp + 4);
    }

    int acknowledgment() {
      return frame.get(I32, tcp + 8);
    }

    boolean has(int flag) {
      return (frame.get(ValueLayout.JAVA_BYTE, tcp + 13) & flag) != 0;
    }

    int window() {
      return u16(frame, tcp + 14);
    }

    int end() {
      return sequence() + length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }
  }

  private void judge(Flow flow, Seen segment) {
    if (segment.has(RST)) {
      // It may answer what belongs to no connection; what follows may begin another one.
      ways.remove(flow);
      ways.remove(flow.back());
      return;
    }
    Way way = ways.get(flow);
    // A SYN,ACK to nobody is of a connection that its peer has reset.
    boolean opens = !segment.has(ACK) || ways.containsKey(flow.back());
    if (segment.has(SYN) && opens && (way == null || way.initial != segment.sequence())) {
      way = new Way(segment.sequence());
      ways.put(flow, way);
      if (!segment.has(ACK)) {
        // The same two ports may have had a connection before.
        Way other = ways.get(flow.back());
        if (other != null && other.hasAcknowledged) {
          ways.remove(flow.back());
        }
      }
    }
    if (way == null) {
      return;
    }
    Way peer = ways.get(flow.back());
    options(flow, way, peer, segment);
    if (segment.has(ACK)) {
      acknowledges(flow, way, peer, segment);
    }
    text(flow, way, peer, segment);
    if (after(segment.end(), way.next)) {
      way.next = segment.end();
    }
  }

  private void acknowledges(Flow flow, Way way, @Nullable Way peer, Seen segment) {
    int number = segment.acknowledgment();
    if (peer != null && after(number, peer.next)) {
      say(flow, segment, "acknowledges " + number + ", and the peer has sent to " + peer.next);
    }
    if (way.hasAcknowledged && after(way.acknowledged, number)) {
      say(flow, segment, "takes the acknowledgement back from " + way.acknowledged);
    }
    way.hasAcknowledged = true;
    way.acknowledged = number;
    // RFC 7323 §2.2: the window of a SYN is not scaled, so it may say less than one sent before;
    // without both options, none is.
    boolean scaled = !segment.has(SYN) && way.shift >= 0 && peer != null && peer.shift >= 0;
    int edge = number + (segment.window() << (scaled ? way.shift : 0));
    if (way.hasEdge && after(way.edge, edge) && !segment.has(SYN)) {
      int lost = way.edge - edge;
      // A window that is not a multiple of the unit is rounded down.
      if (!scaled || lost >= 1 << way.shift) {
        say(flow, segment, "takes back " + lost + " bytes of its window");
      }
    }
    if (!way.hasEdge || after(edge, way.edge)) {
      way.edge = edge;
      way.hasEdge = true;
    }
  }

  private void text(Flow flow, Way way, @Nullable Way peer, Seen segment) {
    if (peer == null || segment.length() == 0) {
      return;
    }
    int options = segment.header() - 20;
    int longest = Math.min(segment.length(), segment.segmentBytes());
    if (longest + options > peer.mss) {
      say(
          flow,
          segment,
          "has "
              + longest
              + " bytes and "
              + options
              + " of options, beyond the peer's MSS of "
              + peer.mss);
    }
    if (after(segment.sequence(), way.next)) {
      say(flow, segment, "leaves a gap behind " + way.next);
    }
    // What an end has offered counts when it left, so this is the most that can have arrived.
    int end = segment.sequence() + segment.length();
    if (peer.hasEdge && after(end, peer.edge) && segment.length() > 1) {
      say(flow, segment, "goes " + (end - peer.edge) + " bytes beyond the window");
    }
  }

  private void options(Flow flow, Way way, @Nullable Way peer, Seen segment) {
    int at = segment.tcp() + 20;
    int end = segment.tcp() + segment.header();
    while (at < end) {
      int kind = segment.frame().get(ValueLayout.JAVA_BYTE, at);
      if (kind == 0) {
        return;
      }
      if (kind == 1) {
        at++;
        continue;
      }
      int length = segment.frame().get(ValueLayout.JAVA_BYTE, at + 1);
      switch (kind) {
        case 2 -> {
          // One SYN may be sent again by another driver, and say something else. Which came
          // through is the peer's knowledge.
          int said = u16(segment.frame(), at + 2);
          way.mss = way.hasMss ? Math.max(way.mss, said) : said;
          way.hasMss = true;
        }
        case 3 -> way.shift = Math.min(14, segment.frame().get(ValueLayout.JAVA_BYTE, at + 2));
        case 5 -> {
          for (int block = at + 2; peer != null && block < at + length; block += 8) {
            int right = segment.frame().get(I32, block + 4);
            if (after(right, peer.next)) {
              say(
                  flow,
                  segment,
                  "has a block to " + right + ", and the peer has sent to " + peer.next);
            }
          }
        }
        case 8 -> timestamp(flow, way, segment, segment.frame().get(I32, at + 2));
        default -> {
          // Nothing to hold.
        }
      }
      at += Math.max(2, length);
    }
  }

  private void timestamp(Flow flow, Way way, Seen segment, int value) {
    if (way.hasTimestamps && after(way.timestamp, value)) {
      say(flow, segment, "takes its timestamp back from " + way.timestamp + " to " + value);
    }
    way.hasTimestamps = true;
    way.timestamp = value;
  }

  private void say(Flow flow, Seen segment, String what) {
    if (wrong == null) {
      wrong =
          String.format(
              "on the wire, %s.%d to %s.%d: segment %d:%d %s",
              address(flow.source),
              flow.ports >>> 16,
              address(flow.destination),
              flow.ports & 0xffff,
              segment.sequence() & 0xffff_ffffL,
              segment.end() & 0xffff_ffffL,
              what);
    }
  }

  private static String address(int bits) {
    return org.penstock.api.IpAddress.ofIpv4(bits).toString();
  }

  private static boolean after(int one, int other) {
    return one - other > 0;
  }

  private static int u16(MemorySegment frame, long at) {
    return frame.get(U16, at) & 0xffff;
  }
}
