package org.penstock.netif.tap.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;

/**
 * A way down to the device: each frame goes by one {@code writev} straight from where the stack
 * keeps it. Used by one thread at a time; the kernel keeps the frames of several ports apart.
 */
final class TapTransmitPort implements TransmitPort {
  /** The most pieces of a frame; one more entry is the header's. */
  static final int PIECES_MAX = 255;

  private static final int IP_PACKET_MAX = 65_535;

  private final TapAttachment attachment;
  private final TapDevice device;
  private final TapQueue queue;
  private final Fence fence = new Fence();
  private final int headerBytes;
  private final int linkHeader;

  // Freed with this object: no call can hold it longer.
  private final MemorySegment header;
  private final MemorySegment vector;
  private @Nullable MemorySegment copies;

  TapTransmitPort(TapAttachment attachment, TapDevice device, TapQueue queue) {
    this.attachment = attachment;
    this.device = device;
    this.queue = queue;
    headerBytes = device.headerBytes();
    linkHeader = device.linkHeader();
    Arena arena = Arena.ofAuto();
    header = arena.allocate(VirtioNetHeader.BYTES);
    vector = arena.allocate((PIECES_MAX + 1L) * Libc.IOVEC_BYTES, Long.BYTES);
  }

  @Override
  public int transmit(OutboundFrame[] frames, int count) {
    if (!fence.enter()) {
      return 0;
    }
    try {
      for (int i = 0; i < count; i++) {
        if (!send(frames[i])) {
          return i;
        }
      }
      return count;
    } finally {
      fence.leave();
    }
  }

  /** Sends one frame. True if it is done with, sent or dropped. */
  private boolean send(OutboundFrame frame) {
    boolean plain = frame.gsoType() == GsoType.NONE;
    int limit = (plain ? attachment.mtu() : IP_PACKET_MAX) + linkHeader;
    boolean needsHeader = !plain || frame.hasPartialChecksum();
    if (frame.length() > limit
        || frame.pieces() > PIECES_MAX
        || (needsHeader && headerBytes == 0)) {
      attachment.dropped();
      return true;
    }
    int entries = gather(frame);
    return device.writev(vector, entries) >= 0 || refused(entries);
  }

  private int gather(OutboundFrame frame) {
    int entries = 0;
    if (headerBytes != 0) {
      FrameOffload.write(frame, header);
      entry(entries++, header.address(), headerBytes);
    }
    int pieces = frame.pieces();
    long copied = 0;
    for (int i = 0; i < pieces; i++) {
      MemorySegment segment = frame.segment(i);
      long offset = frame.offset(i);
      int length = frame.length(i);
      // The kernel reads these bytes by their address, past every check of the VM's.
      Objects.checkFromIndexSize(offset, length, segment.byteSize());
      if (segment.isNative()) {
        entry(entries++, segment.address() + offset, length);
      } else {
        MemorySegment.copy(segment, offset, copies(), copied, length);
        entry(entries++, copies().address() + copied, length);
        copied += length;
      }
    }
    return entries;
  }

  /** Room for pieces on the heap, which have no address: those of tests and simulations. */
  private MemorySegment copies() {
    MemorySegment room = copies;
    if (room == null) {
      room = Arena.ofAuto().allocate(IP_PACKET_MAX + linkHeader);
      copies = room;
    }
    return room;
  }

  private void entry(int index, long address, long length) {
    vector.setAtIndex(JAVA_LONG, 2L * index, address);
    vector.setAtIndex(JAVA_LONG, 2L * index + 1, length);
  }

  /** Asks why, by trying again. True if the frame is done with. */
  private boolean refused(int entries) {
    long result = device.writevOrErrno(vector, entries);
    if (result >= 0) {
      return true;
    }
    switch ((int) -result) {
      case Errno.EAGAIN -> queue.awaitRoom();
      case Errno.EIO -> {
        // The kernel's side is switched off; there is room again when it is switched on.
        queue.awaitRoom();
        queue.suspect();
      }
      case Errno.EBADFD -> queue.suspect();
      default -> {
        attachment.dropped();
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    fence.close();
    attachment.closed(this);
  }

  /** Refuses every frame from now on; does not wait. */
  void stop() {
    fence.close();
  }

  /** True if nobody is inside, and nobody will be. */
  boolean isStopped() {
    return fence.isClosed();
  }

  /** After {@link #stop}: waits until nobody is inside; false if the deadline came first. */
  boolean stopped(StackRuntime runtime, long deadlineNanos) {
    return fence.await(runtime, deadlineNanos);
  }
}
