package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.penstock.api.IpAddress;
import org.penstock.api.buffer.Landing;

/**
 * A received packet whose link and IP headers were checked, on its way to a transport. Filled anew
 * for each packet; owned by the partition.
 */
public final class InboundPacket {

  private Landing landing = new Landing(MemorySegment.NULL, home -> {});
  private int slot;
  private int protocol;
  private int network;
  private int transport;
  private int transportLength;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;
  private int trafficClass;
  private int timeToLive;
  private boolean unicast;
  private boolean keepable;

  /** An empty packet. */
  public InboundPacket() {}

  /** Sets where it came from and where its IP header and its transport header stand. */
  public void locate(
      Landing frame, int slotNumber, int networkOffset, int transportOffset, int length) {
    this.landing = frame;
    this.slot = slotNumber;
    this.network = networkOffset;
    this.transport = transportOffset;
    this.transportLength = length;
  }

  /** Sets whether whoever takes the payload may keep the landing. */
  public void keepable(boolean may) {
    this.keepable = may;
  }

  /** Sets the addresses, in their 128-bit form. */
  public void addresses(long srcHigh, long srcLow, long dstHigh, long dstLow) {
    this.sourceHigh = srcHigh;
    this.sourceLow = srcLow;
    this.destinationHigh = dstHigh;
    this.destinationLow = dstLow;
  }

  /**
   * Sets what else the IP header says.
   *
   * @param toUs true if the destination is a unicast address of ours, false for broadcast and
   *     multicast
   */
  public void describe(int ipProtocol, int dscpAndEcn, int hops, boolean toUs) {
    this.protocol = ipProtocol;
    this.trafficClass = dscpAndEcn;
    this.timeToLive = hops;
    this.unicast = toUs;
  }

  /** The frame it stands in. */
  public Landing landing() {
    return landing;
  }

  /** The memory of the frame. */
  public MemorySegment segment() {
    return landing.segment();
  }

  /** The number of the slot it came by. */
  public int slot() {
    return slot;
  }

  /** The IP protocol number. */
  public int protocol() {
    return protocol;
  }

  /** Where the IP header starts in {@link #segment}. */
  public int network() {
    return network;
  }

  /** Where the transport header starts in {@link #segment}. */
  public int transport() {
    return transport;
  }

  /** Octets from the transport header to the end of the IP packet. */
  public int transportLength() {
    return transportLength;
  }

  /** Upper half of the source address. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** Lower half of the source address. */
  public long sourceLow() {
    return sourceLow;
  }

  /** Upper half of the destination address. */
  public long destinationHigh() {
    return destinationHigh;
  }

  /** Lower half of the destination address. */
  public long destinationLow() {
    return destinationLow;
  }

  /** The source address as a value; allocates. */
  public IpAddress source() {
    return IpAddress.of(sourceHigh, sourceLow, 0);
  }

  /** The destination address as a value; allocates. */
  public IpAddress destination() {
    return IpAddress.of(destinationHigh, destinationLow, 0);
  }

  /** The two low bits of the traffic class (RFC 3168 §5). */
  public int ecn() {
    return trafficClass & 3;
  }

  /** The DiffServ codepoint, the six upper bits of the traffic class (RFC 2474 §3). */
  public int dscp() {
    return trafficClass >>> 2;
  }

  /** The time to live or hop limit it arrived with. */
  public int timeToLive() {
    return timeToLive;
  }

  /**
   * True if whoever takes the payload may keep the landing. False while there is no other to give
   * to the driver in exchange: then the payload is copied, or dropped where there is no memory for
   * that either.
   */
  public boolean isKeepable() {
    return keepable;
  }

  /** True if it was sent to a unicast address of ours. */
  public boolean isUnicast() {
    return unicast;
  }
}
