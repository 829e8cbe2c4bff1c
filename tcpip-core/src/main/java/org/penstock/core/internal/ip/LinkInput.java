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
   *
   * @param link what the frame starts with: while one driver takes over from another, their frames
   *     may differ in that
   */
  public int cellOf(LinkType link, Landing frame) {
    return homes.cellOf(link, frame);
  }

  @Override
  public int cellOf(SlotLink slot, Landing frame) {
    return cellOf(slot.linkType(), frame);
  }

  @Override
  public boolean frame(SlotLink slot, int cell, Landing frame, boolean mayKeep) {
    return frame(slot, slot.linkType(), cell, frame, mayKeep);
  }

  /**
   * Takes a frame; inside its {@linkplain #cellOf(LinkType, Landing) home}.
   *
   * @param link what the frame starts with
   * @param mayKeep true if the landing may be kept, because the driver gets another in exchange
   * @return true if the landing was kept; false if the caller may use it again
   */
  public boolean frame(SlotLink slot, LinkType link, int cell, Landing frame, boolean mayKeep) {
    if (link == LinkType.IP) {
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
          // Its home; nobody else may touch the neighbour cache.
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
