package org.penstock.core.internal.ip;

import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkType;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.wire.EtherType;
import org.penstock.core.internal.wire.EthernetFrame;

/**
 * Received frames. On a packet's way up: the slot asks {@link #cellOf} for the frame's home, enters
 * that cell, and hands the frame to {@link #frame}, which checks the link header and passes on what
 * is for us to ARP and IP. Every frame that ends here is counted with its reason at its slot.
 */
public final class LinkInput implements LocalLink.Receiver {

  private final FrameHomes homes;
  private final Neighbours neighbours;
  private final Ipv4Input ipv4;

  LinkInput(FrameHomes homes, Neighbours neighbours, Ipv4Input ipv4) {
    this.homes = homes;
    this.neighbours = neighbours;
    this.ipv4 = ipv4;
  }

  /**
   * The home of a raw frame. From any thread, outside of any cell; cheap, allocates nothing, and
   * safe whatever the frame holds.
   */
  @Override
  public int cellOf(SlotLink slot, Landing frame) {
    return homes.cellOf(slot, frame);
  }

  /**
   * Takes a frame; inside its {@linkplain #cellOf home}.
   *
   * @param mayKeep true if the landing may be kept, because the driver gets another in exchange
   * @return true if the landing was kept; false if the caller may use it again
   */
  @Override
  public boolean frame(SlotLink slot, int cell, Landing frame, boolean mayKeep) {
    if (slot.linkType() == LinkType.IP) {
      return ipv4.packet(slot, cell, frame, frame.offset(), frame.length(), true, mayKeep);
    }
    MemorySegment memory = frame.segment();
    int offset = frame.offset();
    DropReason reason = EthernetFrame.check(memory, offset, frame.length());
    long destination = reason == null ? EthernetFrame.destination(memory, offset) : 0;
    if (reason == null && !isForUs(slot, destination)) {
      reason = DropReason.NOT_FOR_US;
    }
    if (reason == null) {
      int payload = offset + EthernetFrame.HEADER_LENGTH;
      int length = frame.length() - EthernetFrame.HEADER_LENGTH;
      boolean station = !EthernetFrame.isGroup(destination);
      switch (EthernetFrame.type(memory, offset)) {
        case EtherType.IPV4 -> {
          return ipv4.packet(slot, cell, frame, payload, length, station, mayKeep);
        }
        case EtherType.ARP -> {
          // Elsewhere only if the slot's link had no such headers when the home was looked for.
          if (cell == Homes.CONTROL) {
            neighbours.arp(slot, frame, payload, length);
            return false;
          }
          reason = DropReason.UNKNOWN_ETHERTYPE;
        }
        default -> reason = DropReason.UNKNOWN_ETHERTYPE;
      }
    }
    slot.dropped(cell, reason, frame);
    return false;
  }

  private static boolean isForUs(SlotLink slot, long destination) {
    return destination == slot.mac().bits() || EthernetFrame.isGroup(destination);
  }
}
