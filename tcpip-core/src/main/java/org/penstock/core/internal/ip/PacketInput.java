package org.penstock.core.internal.ip;

/** What stands above IP and takes the packets of its protocol. */
@FunctionalInterface
public interface PacketInput {

  /**
   * Takes a packet; inside its cell. The packet object is lent for the call.
   *
   * @return true if the landing was kept, which must be {@linkplain InboundPacket#isKeepable
   *     keepable} for that; false if the caller may use it again
   */
  boolean input(int cell, InboundPacket packet);
}
