package org.penstock.core.internal.ip;

/** ICMP as IP uses it. */
public interface ControlMessages extends PacketInput {

  /**
   * Tells the sender of a packet that there is nothing here for its protocol, if that is allowed
   * and within the rate limit; inside the packet's cell.
   */
  void protocolUnreachable(int cell, InboundPacket packet);

  /**
   * Tells the sender of a fragmented packet that the rest of it did not come in time, under the
   * same conditions; inside the fragments' cell.
   *
   * @param first the first fragment
   */
  void reassemblyTimeExceeded(int cell, InboundPacket first);
}
