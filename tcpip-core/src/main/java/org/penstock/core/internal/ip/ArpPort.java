package org.penstock.core.internal.ip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.Counter;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.wire.ArpPacket;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;

/** Writes and sends ARP packets. Owned by the control cell. */
final class ArpPort {

  private static final int FRAME_LENGTH = EthernetFrame.HEADER_LENGTH + ArpPacket.LENGTH;

  private final Cell cell;
  private final MemorySegment memory = Arena.ofAuto().allocate(FRAME_LENGTH, 8);
  private final OutboundFrame frame = new OutboundFrame();

  ArpPort(Cell cell) {
    this.cell = cell;
  }

  /**
   * Asks for an address.
   *
   * @param destination broadcast, or the link address that is to be confirmed (RFC 1122 §2.3.2.1)
   */
  void request(SlotLink slot, long destination, int sender, int target) {
    if (send(slot, destination, ArpPacket.REQUEST, sender, 0, target)) {
      cell.count(Counter.ARP_OUT_REQUESTS);
    }
  }

  /** Answers a request. */
  void reply(SlotLink slot, long requester, int ourAddress, int theirAddress) {
    if (send(slot, requester, ArpPacket.REPLY, ourAddress, requester, theirAddress)) {
      cell.count(Counter.ARP_OUT_REPLIES);
    }
  }

  private boolean send(
      SlotLink slot, long destination, int operation, int sender, long targetMac, int target) {
    NetifCapabilities can = slot.capabilities();
    if (can.linkType() != LinkType.ETHERNET) {
      return false;
    }
    long mac = slot.mac().bits();
    EthernetFrame.write(memory, 0, destination, mac, EtherType.ARP);
    ArpPacket.write(memory, EthernetFrame.HEADER_LENGTH, operation, mac, sender, targetMac, target);
    frame.clear();
    frame.add(memory, 0, FRAME_LENGTH);
    return slot.transmit(cell.index(), frame, can);
  }
}
