package org.penstock.netif.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.DropReason;

/**
 * A capture of one interface: copies what it is shown into a ring, from which a thread of its own
 * writes. The stack's threads never wait for it; what the writer can't follow is counted and left
 * out.
 *
 * <p>Give it to a stack by {@code Stack.observe} or as a service, and close it when the stack no
 * longer has it. All methods may be called from any thread.
 */
public final class Capture implements SlotObserver, AutoCloseable {

  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final long LOOK_NANOS = 100_000_000L;

  // Of the writer's life, so that whoever stops it knows whether it hangs in opening a pipe.
  private static final int NEW = 0;
  private static final int OPENING = 1;
  private static final int WRITING = 2;
  private static final int STOPPED = 3;

  private final StackRuntime runtime;
  private final CaptureSettings settings;
  private final FrameRing ring;
  private final AtomicInteger phase = new AtomicInteger(NEW);
  private final AtomicLong missed = new AtomicLong();
  private final AtomicBoolean awake = new AtomicBoolean(true);
  private final CaptureWriter writer;
  private final RuntimeThread thread;
  private final boolean pipe;
  private volatile @Nullable Parker sleeper;
  private volatile boolean ended;
  private volatile String failure = "";

  /** Starts a capture, which writes what it is shown from now on. */
  public Capture(StackRuntime runtime, CaptureSettings settings) {
    this.runtime = runtime;
    this.settings = settings;
    this.pipe = CaptureFiles.isPipe(settings.target());
    this.ring = new FrameRing(settings.buffer());
    this.writer = new CaptureWriter(runtime, settings, ring, missed::get);
    this.thread = runtime.start("penstock-capture-" + settings.slot(), this::run);
  }

  /** What it was told. */
  public CaptureSettings settings() {
    return settings;
  }

  /** How far it is. */
  public CaptureStatistics statistics() {
    return new CaptureStatistics(writer.frames(), writer.bytes(), missed.get(), ended, failure);
  }

  // ---- the stack's threads ----

  @Override
  public void received(String slot, long nowNanos, Landing frame) {
    if (!ended && slot.equals(settings.slot())) {
      take(FrameRecord.Event.RECEIVED, 0, frame);
    }
  }

  @Override
  public void sent(String slot, long nowNanos, OutboundFrame frame) {
    if (ended || !slot.equals(settings.slot())) {
      return;
    }
    int octets = FrameRecord.wanted(frame.length(), frame.hasPartialChecksum(), settings.snap());
    long at = ring.claim(FrameRecord.HEADER + octets);
    if (at == FrameRing.FULL) {
      missed.incrementAndGet();
      return;
    }
    FrameRecord.write(ring.memory(), at, runtime.nanoTime(), frame, octets);
    publish(at, octets);
  }

  @Override
  public void dropped(String slot, long nowNanos, DropReason reason, @Nullable Landing frame) {
    if (!ended && settings.drops() && frame != null && slot.equals(settings.slot())) {
      take(FrameRecord.Event.DROPPED, reason.ordinal(), frame);
    }
  }

  private void take(FrameRecord.Event event, int reason, Landing frame) {
    boolean partial = frame.checksum() == ChecksumState.PARTIAL;
    int octets = FrameRecord.wanted(frame.length(), partial, settings.snap());
    long at = ring.claim(FrameRecord.HEADER + octets);
    if (at == FrameRing.FULL) {
      missed.incrementAndGet();
      return;
    }
    FrameRecord.write(ring.memory(), at, runtime.nanoTime(), event, reason, frame, octets);
    publish(at, octets);
  }

  private void publish(long at, int octets) {
    ring.publish(at, FrameRecord.HEADER + octets);
    // One of those who publish while it sleeps wakes it.
    if (!awake.get() && awake.compareAndSet(false, true)) {
      Parker parker = sleeper;
      if (parker != null) {
        parker.unpark();
      }
    }
  }

  // ---- the writer's thread ----

  private void run() {
    Parker parker = runtime.parker();
    sleeper = parker;
    try (CaptureFiles files = new CaptureFiles(settings.target(), settings.ring())) {
      if (!phase.compareAndSet(NEW, OPENING) && pipe) {
        return; // Stopped before anybody could read.
      }
      // Opening a pipe takes until somebody reads it.
      files.next();
      phase.compareAndSet(OPENING, WRITING);
      writer.begin(files);
      while (writer.writeAll(files) && phase.get() != STOPPED) {
        sleep(parker);
      }
      writer.writeAll(files);
      writer.end(files);
    } catch (IOException e) {
      if (phase.get() != STOPPED) {
        failure = String.valueOf(e.getMessage());
      }
    } finally {
      ended = true;
    }
  }

  private void sleep(Parker parker) {
    awake.set(false);
    // After the mark: whoever publishes either sees it or is seen.
    if (ring.read() == FrameRing.EMPTY && phase.get() != STOPPED) {
      parker.park(runtime.nanoTime() + LOOK_NANOS);
    }
    awake.set(true);
  }

  /** Writes what was shown so far, ends the file, and waits until that is done. */
  @Override
  public void close() {
    int before = phase.getAndSet(STOPPED);
    if (before == OPENING && pipe) {
      endOpening();
    }
    Parker parker = sleeper;
    if (parker != null) {
      parker.unpark();
    }
    if (!thread.join(runtime.nanoTime() + PATIENCE_NANOS)) {
      // It hangs in a pipe that nobody reads, or in a disk: an interrupt ends both.
      thread.interrupt();
      thread.join(runtime.nanoTime() + PATIENCE_NANOS);
    }
  }

  /** Is the reader that the writer waits for, for a moment. */
  private void endOpening() {
    try {
      FileChannel.open(settings.target(), StandardOpenOption.READ).close();
    } catch (IOException e) {
      // Then opening has failed for the writer as well.
    }
  }
}
