package org.penstock.testkit.netif;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;

/** A driver attached to a {@link RecordingHost} and driven by the test's own thread. */
public final class AttachedNetif implements AutoCloseable {

  /** How long a test waits for what must happen. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int BUDGET = 64;

  private final RecordingHost host;
  private final NetifAttachment attachment;
  private final TransmitPort port;
  private final StackRuntime runtime;
  private boolean detached;

  /** Attaches a driver to a new recording slot. */
  public AttachedNetif(Netif netif, String slot, StackRuntime runtime) throws NetifException {
    this.runtime = runtime;
    this.host = new RecordingHost(slot, runtime, netif.capabilities());
    host.attaching();
    try {
      this.attachment = netif.attach(host);
    } finally {
      host.attached();
    }
    this.port = attachment.openTransmit();
  }

  /** The slot. */
  public RecordingHost host() {
    return host;
  }

  /** The driver's side. */
  public NetifAttachment attachment() {
    return attachment;
  }

  /** A port to send through, for the test's own thread. */
  public TransmitPort port() {
    return port;
  }

  /** Works once on every queue; returns the frames delivered. */
  public int work() {
    int delivered = 0;
    for (QueueAgent agent : attachment.queues()) {
      delivered += agent.work(BUDGET);
    }
    return delivered;
  }

  /**
   * Drives the queues until a condition holds.
   *
   * @return whether it holds; false after a while
   */
  public boolean driveUntil(BooleanSupplier condition) {
    long deadline = runtime.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long now = runtime.nanoTime();
      if (now >= deadline) {
        return false;
      }
      if (work() == 0) {
        idle(Math.min(deadline, now + 5_000_000));
      }
    }
    return true;
  }

  private void idle(long deadline) {
    if (attachment.queues().isEmpty()) {
      int seen = host.frames().size();
      host.await(() -> host.frames().size() != seen, deadline);
    } else {
      attachment.queues().getFirst().idle(deadline);
    }
  }

  /** Sends frames, and again what was not taken. */
  public void send(byte[]... frames) {
    send(port, frames);
  }

  /** Sends frames through a port, and again what was not taken. */
  public void send(TransmitPort through, byte[]... frames) {
    long deadline = runtime.nanoTime() + PATIENCE.toNanos();
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] left = new OutboundFrame[frames.length];
      for (int i = 0; i < frames.length; i++) {
        left[i] = outbound(arena, frames[i]);
      }
      int sent = 0;
      while (sent < frames.length) {
        assertThat(runtime.nanoTime()).as("no room for frame " + sent).isLessThan(deadline);
        OutboundFrame[] rest = java.util.Arrays.copyOfRange(left, sent, left.length);
        int taken = through.transmit(rest, rest.length);
        assertThat(taken).as("frames taken").isBetween(0, rest.length);
        sent += taken;
        if (taken == 0) {
          runtime.spinHint();
        }
      }
    }
  }

  /** A frame of one piece of off-heap memory. */
  public static OutboundFrame outbound(Arena arena, byte[] octets) {
    MemorySegment memory = arena.allocate(octets.length);
    memory.copyFrom(MemorySegment.ofArray(octets));
    OutboundFrame frame = new OutboundFrame();
    frame.add(memory, 0, octets.length);
    return frame;
  }

  /** Detaches; the fence must hold. */
  public void detach() {
    if (!detached) {
      detached = true;
      boolean stopped = attachment.detach(runtime.nanoTime() + PATIENCE.toNanos());
      assertThat(stopped).as("detached in time").isTrue();
      host.ended();
    }
  }

  /** Detaches, and fails if the driver ever broke its contract. */
  @Override
  public void close() {
    detach();
    assertThat(host.violations()).as("breaches of the driver's contract").isEmpty();
    assertThat(host.landingsOut()).as("landings not given back").isZero();
  }
}
