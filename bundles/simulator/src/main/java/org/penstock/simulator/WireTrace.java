package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.loopback.FrameStage;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketLine;

/**
 * Sees every frame on the cables and what becomes of it: as a hash, by which two runs are compared,
 * and on demand as one line each. Not thread-safe.
 */
final class WireTrace {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final @Nullable Consumer<String> lines;
  private long hash = 0x9e37_79b9_7f4a_7c15L;
  private long frames;
  private final PriorityQueue<Milestone> milestones =
      new PriorityQueue<>(Comparator.comparingLong(Milestone::frames));

  private record Milestone(long frames, Runnable what) {}

  /**
   * A trace without frames.
   *
   * @param lines takes a line for each frame when it is sent; null for none
   */
  WireTrace(@Nullable Consumer<String> lines) {
    this.lines = lines;
  }

  /** Puts the trace around a stage; {@code where} tells the lines of one stage from another's. */
  FrameStage around(FrameStage stage, String where) {
    Fate fate = new Fate();
    return (sent, frame, arrivals) -> {
      fate.begin(arrivals);
      stage.pass(sent, frame, fate);
      frames++;
      mix(sent);
      mix(where.hashCode());
      mix(frame);
      if (lines != null) {
        Packet packet = Packet.decode(LinkType.ETHERNET, frame.toArray(ValueLayout.JAVA_BYTE));
        lines.accept(PacketLine.of(sent, where + " ", packet) + fate.marks());
      }
      for (Milestone next = reached(); next != null; next = reached()) {
        next.what.run();
      }
    };
  }

  /** Has something done, once, when so many frames have been sent. */
  void after(long count, Runnable what) {
    milestones.add(new Milestone(count, what));
  }

  private @Nullable Milestone reached() {
    Milestone first = milestones.peek();
    return first == null || first.frames > frames ? null : milestones.poll();
  }

  /** Frames sent so far. */
  long frames() {
    return frames;
  }

  /** The hash over all frames so far: times, places, octets and fates. */
  String hash() {
    return String.format("%016x", hash);
  }

  private void mix(MemorySegment frame) {
    long size = frame.byteSize();
    mix(size);
    long at = 0;
    for (; at + 8 <= size; at += 8) {
      mix(frame.get(WORD, at));
    }
    for (; at < size; at++) {
      mix(frame.get(ValueLayout.JAVA_BYTE, at));
    }
  }

  /** A step that loses nothing: two hashes stay different until something else is mixed in. */
  private void mix(long word) {
    hash = Long.rotateLeft((hash ^ word) * 0xff51_afd7_ed55_8ccdL, 31) * 0xc4ce_b9fe_1a85_ec53L;
  }

  /** Takes down what a stage decides about one frame. */
  private final class Fate implements FrameStage.Arrivals {
    private FrameStage.Arrivals arrivals = this;
    private int count;
    private boolean changed;

    void begin(FrameStage.Arrivals to) {
      arrivals = to;
      count = 0;
      changed = false;
    }

    String marks() {
      return (count == 0 ? " [lost]" : count > 1 ? " [twice]" : "") + (changed ? " [changed]" : "");
    }

    @Override
    public void at(long dueNanos) {
      arrivals.at(dueNanos);
      count++;
      mix(dueNanos);
    }

    @Override
    public void at(long dueNanos, MemorySegment octets) {
      arrivals.at(dueNanos, octets);
      count++;
      changed = true;
      mix(~dueNanos);
      mix(octets);
    }
  }
}
