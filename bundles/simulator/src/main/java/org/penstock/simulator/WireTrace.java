package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.loopback.FrameStage;
import org.penstock.testkit.packet.Packet;
import org.penstock.testkit.packet.PacketLine;

/**
 * Sees every frame on the cable and what becomes of it: as a hash, by which two runs are compared,
 * and on demand as one line each. Not thread-safe.
 */
final class WireTrace {

  private final MessageDigest digest;
  private final @Nullable Consumer<String> lines;
  private long frames;

  /**
   * A trace without frames.
   *
   * @param lines takes a line for each frame when it is sent; null for none
   */
  WireTrace(@Nullable Consumer<String> lines) {
    this.lines = lines;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Puts the trace around a stage. */
  FrameStage around(FrameStage stage, int toward) {
    return (sent, frame, arrivals) -> {
      Fate fate = new Fate(arrivals);
      stage.pass(sent, frame, fate);
      add(sent, toward, frame, fate);
    };
  }

  /** Frames sent in both directions. */
  long frames() {
    return frames;
  }

  /** The hash over all frames so far: times, directions, octets and fates. */
  String hash() {
    try {
      MessageDigest soFar = (MessageDigest) digest.clone();
      return HexFormat.of().formatHex(soFar.digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the SHA-256 of every JDK can be cloned", e);
    }
  }

  private void add(long sent, int toward, MemorySegment frame, Fate fate) {
    frames++;
    byte[] octets = frame.toArray(ValueLayout.JAVA_BYTE);
    digest.update(
        ByteBuffer.allocate(20)
            .putLong(sent)
            .putInt(toward)
            .putInt(octets.length)
            .putInt(fate.count)
            .flip());
    digest.update(octets);
    digest.update(fate.hashed.flip());
    if (lines != null) {
      String line = PacketLine.of(sent, Packet.decode(LinkType.ETHERNET, octets));
      lines.accept(fate.count == 0 ? line + " [lost]" : line + fate.marks);
    }
  }

  /** Takes down what the stage decides about one frame. */
  private static final class Fate implements FrameStage.Arrivals {
    private final FrameStage.Arrivals arrivals;
    private final StringBuilder marks = new StringBuilder();
    // A model gives at most two arrivals; what a stage gives beyond is counted only.
    private final ByteBuffer hashed = ByteBuffer.allocate(64);
    private int count;

    Fate(FrameStage.Arrivals arrivals) {
      this.arrivals = arrivals;
    }

    @Override
    public void at(long dueNanos) {
      arrivals.at(dueNanos);
      note(dueNanos, false);
    }

    @Override
    public void at(long dueNanos, MemorySegment octets) {
      arrivals.at(dueNanos, octets);
      note(dueNanos, true);
    }

    private void note(long due, boolean changed) {
      count++;
      if (count == 2) {
        marks.append(" [twice]");
      }
      if (changed) {
        marks.append(" [corrupted]");
      }
      if (hashed.remaining() >= 9) {
        hashed.putLong(due).put((byte) (changed ? 1 : 0));
      }
    }
  }
}
