package org.penstock.api.netif.support;

import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.sync.MpscQueue;

/**
 * A copy of a frame on its way. Belongs to the sending port until it is offered, to the receiving
 * queue until it is released, then to its home.
 */
public final class WireFrame extends MpscQueue.Node<WireFrame> {

  /** Where its octets stand, from the first on. */
  public final MemorySegment memory;

  private final MpscQueue<WireFrame> home;

  /** Octets of the frame. */
  public int length;

  /** Where the sum that its sender left out starts, or {@link OutboundFrame#NO_CHECKSUM}. */
  public int checksumStart = OutboundFrame.NO_CHECKSUM;

  /** Octets from {@link #checksumStart} to the checksum field. */
  public int checksumOffset;

  /** Whether it is a super-frame. */
  public GsoType gsoType = GsoType.NONE;

  /** Payload octets of each packet of a super-frame. */
  public int gsoSize;

  /** Octets of all headers of a super-frame. */
  public int headerLength;

  /** When it was sent, by the runtime's clock. */
  public long sent;

  /** When it arrives. */
  public long due;

  /** Its place among those that arrive at the same time. */
  long order;

  WireFrame(MemorySegment memory, MpscQueue<WireFrame> home) {
    this.memory = memory;
    this.home = home;
  }

  /** Copies what a stack lends us. */
  public void copyFrom(OutboundFrame frame) {
    length = frame.copyTo(memory, 0);
    checksumStart = frame.checksumStart();
    checksumOffset = frame.checksumOffset();
    gsoType = frame.gsoType();
    gsoSize = frame.gsoSize();
    headerLength = frame.headerLength();
  }

  /** Copies another frame with what it leaves to a device, and when it was sent. */
  public void copyFrom(WireFrame other) {
    length = other.length;
    MemorySegment.copy(other.memory, 0, memory, 0, length);
    checksumStart = other.checksumStart;
    checksumOffset = other.checksumOffset;
    gsoType = other.gsoType;
    gsoSize = other.gsoSize;
    headerLength = other.headerLength;
    sent = other.sent;
  }

  /**
   * Copies a frame that a driver received.
   *
   * @param linkType what it starts with
   */
  public void copyFrom(Landing frame, LinkType linkType) {
    length = frame.length();
    MemorySegment.copy(frame.segment(), frame.offset(), memory, 0, length);
    checksumStart = OutboundFrame.NO_CHECKSUM;
    gsoType = frame.gsoType();
    gsoSize = frame.gsoSize();
    headerLength = frame.headerLength();
    if (gsoType != GsoType.NONE || frame.checksum() == ChecksumState.PARTIAL) {
      WireChecksum.locate(this, linkType);
    }
  }

  /** Copies octets that leave nothing to a device. */
  public void copyFrom(MemorySegment octets) {
    length = (int) octets.byteSize();
    MemorySegment.copy(octets, 0, memory, 0, length);
    checksumStart = OutboundFrame.NO_CHECKSUM;
    gsoType = GsoType.NONE;
  }

  /** Puts the frame and its descriptor into a landing. */
  public void copyTo(Landing landing, int offset) {
    MemorySegment.copy(memory, 0, landing.segment(), offset, length);
    landing.describe(offset, length, 0);
    if (hasPartialChecksum()) {
      landing.checksum(ChecksumState.PARTIAL);
    }
    if (gsoType != GsoType.NONE) {
      landing.gso(gsoType, gsoSize, headerLength);
    }
  }

  /** True if its checksum was left out. */
  public boolean hasPartialChecksum() {
    return checksumStart != OutboundFrame.NO_CHECKSUM;
  }

  /** Sends the memory home; from any thread. */
  public void release() {
    home.offer(this);
  }
}
