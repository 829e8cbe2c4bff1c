package org.penstock.netif.loopback;

import java.lang.foreign.MemorySegment;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.sync.MpscQueue;

/**
 * A copy of a frame on its way. Belongs to the sending port until it is offered, to the receiving
 * queue until it is released, then to its home.
 */
final class WireFrame extends MpscQueue.Node<WireFrame> {

  final MemorySegment memory;
  private final MpscQueue<WireFrame> home;

  int length;
  int checksumStart;
  int checksumOffset;
  GsoType gsoType = GsoType.NONE;
  int gsoSize;
  int headerLength;

  /** When it was sent. */
  long sent;

  /** When it arrives, and its place among those that arrive at the same time. */
  long due;

  long order;

  WireFrame(MemorySegment memory, MpscQueue<WireFrame> home) {
    this.memory = memory;
    this.home = home;
  }

  /** Copies what a stack lends us. */
  void copyFrom(OutboundFrame frame) {
    length = frame.copyTo(memory, 0);
    checksumStart = frame.checksumStart();
    checksumOffset = frame.checksumOffset();
    gsoType = frame.gsoType();
    gsoSize = frame.gsoSize();
    headerLength = frame.headerLength();
  }

  /** Copies octets that leave nothing to a device. */
  void copyFrom(MemorySegment octets) {
    length = (int) octets.byteSize();
    MemorySegment.copy(octets, 0, memory, 0, length);
    checksumStart = OutboundFrame.NO_CHECKSUM;
    gsoType = GsoType.NONE;
  }

  /** Puts the frame and its descriptor into a landing. */
  void copyTo(Landing landing, int offset) {
    MemorySegment.copy(memory, 0, landing.segment(), offset, length);
    landing.describe(offset, length, 0);
    if (hasPartialChecksum()) {
      landing.checksum(ChecksumState.PARTIAL);
    }
    if (gsoType != GsoType.NONE) {
      landing.gso(gsoType, gsoSize, headerLength);
    }
  }

  boolean hasPartialChecksum() {
    return checksumStart != OutboundFrame.NO_CHECKSUM;
  }

  /** Sends the memory home; from any thread. */
  void release() {
    home.offer(this);
  }
}
