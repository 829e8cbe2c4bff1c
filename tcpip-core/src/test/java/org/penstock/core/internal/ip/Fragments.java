package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.penstock.core.internal.wire.Ipv4Header;

/** Cuts Ethernet frames with an IPv4 packet into fragments, as a router on the way would. */
public final class Fragments {

  private static final int NETWORK = 14;
  private static final int PAYLOAD = NETWORK + Ipv4Header.MIN_LENGTH;

  private Fragments() {}

  /** All fragments of a frame, of so many payload octets each. */
  public static List<byte[]> of(byte[] frame, int octets) {
    List<byte[]> pieces = new ArrayList<>();
    int payload = frame.length - PAYLOAD;
    for (int from = 0; from < payload; from += octets) {
      pieces.add(piece(frame, from, Math.min(payload, from + octets)));
    }
    return pieces;
  }

  /** The fragment with the payload octets from one to another; the last says that it is. */
  public static byte[] piece(byte[] frame, int from, int to) {
    return piece(frame, from, to, to < frame.length - PAYLOAD);
  }

  /** The same, where more is said to follow or not. */
  public static byte[] piece(byte[] frame, int from, int to, boolean more) {
    byte[] piece = Arrays.copyOf(frame, PAYLOAD + to - from);
    System.arraycopy(frame, PAYLOAD + from, piece, PAYLOAD, to - from);
    int flags = (more ? Ipv4Header.MORE_FRAGMENTS : 0) | from >>> 3;
    return withHeader(piece, frame[NETWORK + 1] & 0xff, flags);
  }

  /** The same fragment with another traffic class. */
  public static byte[] withTrafficClass(byte[] piece, int trafficClass) {
    MemorySegment memory = MemorySegment.ofArray(piece);
    int flags =
        (Ipv4Header.moreFragments(memory, NETWORK) ? Ipv4Header.MORE_FRAGMENTS : 0)
            | Ipv4Header.fragmentOffset(memory, NETWORK) >>> 3;
    return withHeader(piece.clone(), trafficClass, flags);
  }

  private static byte[] withHeader(byte[] piece, int trafficClass, int flags) {
    MemorySegment memory = MemorySegment.ofArray(piece);
    Ipv4Header.write(
        memory,
        NETWORK,
        trafficClass,
        piece.length - NETWORK,
        Ipv4Header.identification(memory, NETWORK),
        flags,
        Ipv4Header.timeToLive(memory, NETWORK),
        Ipv4Header.protocol(memory, NETWORK),
        Ipv4Header.source(memory, NETWORK),
        Ipv4Header.destination(memory, NETWORK));
    return piece;
  }
}
