package org.penstock.netif.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.penstock.api.netif.LinkType;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.DropReason;

/**
 * Takes frames out of the ring and writes them, within the limits. Owned by the writer's thread but
 * for its counts.
 */
final class CaptureWriter {

  private static final int BUFFER = 1 << 20;
  private static final int WIRE = 0;
  private static final int DROPS = 1;

  private final StackRuntime runtime;
  private final CaptureSettings settings;
  private final FrameRing ring;
  private final LongSupplier missed;
  private final long wallOffset;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Pcapng pcapng = new Pcapng(buffer);
  private final FrameRecord record = new FrameRecord();
  private volatile long frames;
  private volatile long bytes;

  CaptureWriter(
      StackRuntime runtime, CaptureSettings settings, FrameRing ring, LongSupplier missed) {
    this.runtime = runtime;
    this.settings = settings;
    this.ring = ring;
    this.missed = missed;
    // One offset for the whole capture: a wall clock that is set does not move frames about.
    this.wallOffset = runtime.wallTimeNanos() - runtime.nanoTime();
  }

  long frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }

  /** Writes what a file begins with. */
  void begin(CaptureFiles files) throws IOException {
    LinkType linkType = settings.linkType();
    pcapng.section();
    pcapng.description(settings.slot(), linkType, settings.snap());
    if (settings.drops()) {
      pcapng.description(settings.slot() + " dropped", linkType, settings.snap());
    }
    flush(files);
  }

  /** Writes what a file ends with. */
  void end(CaptureFiles files) throws IOException {
    long received = frames + missed.getAsLong();
    pcapng.statistics(WIRE, wallOffset + runtime.nanoTime(), received, missed.getAsLong());
    flush(files);
  }

  /**
   * Writes every frame that is there.
   *
   * @return false if the capture has reached its limit
   */
  boolean writeAll(CaptureFiles files) throws IOException {
    for (long at = ring.read(); at != FrameRing.EMPTY; at = ring.read()) {
      if (isFull(files)) {
        if (isAtItsEnd(files)) {
          break;
        }
        rotate(files);
      }
      record.wrap(ring.memory(), at, ring.length(at));
      if (buffer.remaining() < record.length() + Pcapng.OVERHEAD) {
        flush(files);
      }
      write();
      ring.release(at);
      frames = frames + 1;
    }
    flush(files);
    return !isAtItsEnd(files);
  }

  private void write() {
    record.completeChecksum(settings.linkType());
    MemorySegment octets = record.frame();
    ByteBuffer captured =
        octets.asSlice(0, Math.min(octets.byteSize(), settings.snap())).asByteBuffer();
    FrameRecord.Event event = record.event();
    boolean dropped = event == FrameRecord.Event.DROPPED;
    pcapng.packet(
        dropped ? DROPS : WIRE,
        wallOffset + record.nanos(),
        captured,
        record.length(),
        event == FrameRecord.Event.SENT ? Pcapng.OUTBOUND : Pcapng.INBOUND,
        dropped ? "dropped: " + DropReason.values()[record.reason()] : "");
  }

  private boolean hasAllFrames() {
    return settings.count() > 0 && frames >= settings.count();
  }

  private boolean isFull(CaptureFiles files) {
    return hasAllFrames()
        || settings.size() > 0 && files.position() + buffer.position() >= settings.size();
  }

  private boolean isAtItsEnd(CaptureFiles files) {
    return hasAllFrames() || settings.ring() == 0 && isFull(files);
  }

  private void rotate(CaptureFiles files) throws IOException {
    end(files);
    files.next();
    begin(files);
  }

  private void flush(CaptureFiles files) throws IOException {
    bytes = bytes + buffer.position();
    files.write(buffer);
  }
}
