package org.penstock.testkit.netif;

import java.nio.ByteBuffer;
import java.util.List;
import org.penstock.api.netif.LinkType;

/**
 * Frames that a driver's test recognises among whatever else is on the wire: a number, and octets
 * that follow from the number and the length, so that any damage shows.
 *
 * <p>On Ethernet they are broadcasts of the EtherType for local experiments (IEEE 802), on IP
 * packets of protocol 253, for experiments (RFC 3692), between documentation addresses.
 */
public final class MarkedFrames {

  /** Octets of the shortest frame. */
  public static final int SHORTEST = 60;

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_HEADER = 20;
  private static final short LOCAL_EXPERIMENTAL = (short) 0x88b5;
  private static final byte EXPERIMENT = (byte) 253;
  private static final int MAGIC = 0x7e57f4a3;

  private final LinkType linkType;

  /** Frames of a link type. */
  public MarkedFrames(LinkType linkType) {
    this.linkType = linkType;
  }

  /**
   * Makes a frame.
   *
   * @param id its number
   * @param length its octets, link header included, {@value #SHORTEST} or more
   */
  public byte[] make(int id, int length) {
    if (length < SHORTEST) {
      throw new IllegalArgumentException("length " + length + " is below " + SHORTEST);
    }
    ByteBuffer frame = ByteBuffer.allocate(length);
    if (linkType == LinkType.ETHERNET) {
      frame.putInt(-1).putShort((short) -1);
      frame.putInt(0x02000000).putShort((short) 0x5e01);
      frame.putShort(LOCAL_EXPERIMENTAL);
    } else {
      putIpv4(frame, length);
    }
    frame.putInt(MAGIC).putInt(id);
    while (frame.hasRemaining()) {
      frame.put(filler(id, frame.position()));
    }
    return frame.array();
  }

  /** The longest frame that passes a device with that MTU. */
  public int longest(int mtu) {
    return linkType == LinkType.ETHERNET ? mtu + ETHERNET_HEADER : mtu;
  }

  /** True if the frame is one of these, whole or damaged. */
  public boolean isMarked(byte[] frame) {
    int header = linkType == LinkType.ETHERNET ? ETHERNET_HEADER : IPV4_HEADER;
    return frame.length >= header + 8 && ByteBuffer.wrap(frame).getInt(header) == MAGIC;
  }

  /**
   * The number of a marked frame.
   *
   * @throws AssertionError if the frame is damaged; the message says where
   */
  public int check(byte[] frame) {
    int header = linkType == LinkType.ETHERNET ? ETHERNET_HEADER : IPV4_HEADER;
    int id = ByteBuffer.wrap(frame).getInt(header + 4);
    for (int i = header + 8; i < frame.length; i++) {
      if (frame[i] != filler(id, i)) {
        throw new AssertionError(
            String.format(
                "frame %d of %d octets is damaged at offset %d: 0x%02x instead of 0x%02x",
                id, frame.length, i, frame[i], filler(id, i)));
      }
    }
    return id;
  }

  /** The numbers of the marked ones among some frames, each checked. */
  public List<Integer> ids(List<ReceivedFrame> frames) {
    return frames.stream()
        .map(ReceivedFrame::octets)
        .filter(this::isMarked)
        .map(this::check)
        .toList();
  }

  private static byte filler(int id, int position) {
    return (byte) (id * 31 + position * 7 + (position >>> 8));
  }

  private static void putIpv4(ByteBuffer frame, int length) {
    frame.putInt(0x4500_0000 | length).putInt(0x4000);
    frame.put((byte) 64).put(EXPERIMENT).putShort((short) 0);
    frame.putInt(0xc000_0201).putInt(0xc000_0202);
    int sum = 0;
    for (int i = 0; i < IPV4_HEADER; i += 2) {
      sum += frame.getShort(i) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    frame.putShort(10, (short) ~(sum + (sum >>> 16)));
  }
}
