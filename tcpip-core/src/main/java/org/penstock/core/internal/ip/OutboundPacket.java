package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.penstock.core.api.IpSettings;

/**
 * A packet under construction: {@link PacketOutput#begin} makes room for all headers in one block,
 * the transport writes its own at {@link #transport}, appends payload, and {@link PacketOutput#end}
 * writes the others and sends. Owned by a cell, one packet at a time.
 */
public interface OutboundPacket {

  /** The header block. */
  MemorySegment header();

  /** Where the transport header starts in {@link #header}. */
  int transport();

  /** Appends payload, in place: it is read by the time {@link PacketOutput#end} returns. */
  void payload(MemorySegment segment, long offset, int length);

  /** Sets the two low bits of the traffic class (RFC 3168 §5); 0 by default. */
  void ecn(int codepoint);

  /** Sets the other six bits of the traffic class (RFC 2474 §3); 0 by default. */
  void dscp(int codepoint);

  /** Sets the time to live or hop limit; 64 by default. */
  void timeToLive(int hops);

  /** Sets what the application asks for, and leaves the default where it asks for none. */
  default void apply(IpSettings settings) {
    dscp(settings.dscp());
    if (settings.timeToLive() > 0) {
      timeToLive(settings.timeToLive());
    }
  }

  /**
   * Says whether the packet must not be fragmented, neither here nor by routers; true by default
   * for TCP where routers are not known to have to, and false for all else. One that is longer than
   * its path's MTU is then refused.
   */
  void dontFragment(boolean refuse);

  /**
   * Makes this a super-segment of TCP that is cut by the device.
   *
   * @param segmentSize payload bytes of each segment
   */
  void segment(int segmentSize);
}
