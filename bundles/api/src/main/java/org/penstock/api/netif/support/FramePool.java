package org.penstock.api.netif.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.sync.MpscQueue;

/**
 * The memory of one port's frames: grows to the most that were ever on their way at once, and is
 * then reused. One thread at a time takes; any releases.
 *
 * <p>The memory lives as long as a frame of it is reachable, so that a frame that is still on its
 * way when its sender has gone needs no care.
 */
public final class FramePool {

  private static final int SLAB_BYTES = 64 * 1024;
  private static final int ALIGNMENT = 64;

  private final SizeClass ordinary;
  private final SizeClass large;

  /**
   * A pool without memory.
   *
   * @param ordinary octets of an ordinary frame
   * @param largest octets of the largest frame
   */
  public FramePool(int ordinary, int largest) {
    this.ordinary = new SizeClass(ordinary);
    this.large = largest > ordinary ? new SizeClass(largest) : this.ordinary;
  }

  /** A frame with room for so many octets, which are not more than the largest. */
  public WireFrame take(int octets) {
    return (octets <= ordinary.octets ? ordinary : large).take();
  }

  private static final class SizeClass {
    private final int octets;
    private final MpscQueue<WireFrame> returned = new MpscQueue<>();
    private @Nullable WireFrame free;

    SizeClass(int octets) {
      this.octets = (octets + ALIGNMENT - 1) & -ALIGNMENT;
    }

    WireFrame take() {
      WireFrame frame = free;
      if (frame == null) {
        frame = returned.takeAll();
      }
      if (frame == null) {
        allocate();
        frame = returned.takeAll();
      }
      if (frame == null) {
        throw new IllegalStateException("a frame was taken by a second thread");
      }
      free = frame.unlink();
      return frame;
    }

    private void allocate() {
      int count = Math.max(1, SLAB_BYTES / octets);
      MemorySegment slab = Arena.ofAuto().allocate((long) count * octets, ALIGNMENT);
      for (int i = 0; i < count; i++) {
        returned.offer(new WireFrame(slab.asSlice((long) i * octets, octets), returned));
      }
    }
  }
}
