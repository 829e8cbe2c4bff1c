package org.penstock.netif.tap.internal;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/**
 * A driver attached to a recording slot, its queue driven by a thread as a strategy would. Closing
 * it detaches the driver and fails the test for whatever breach of the contract was seen.
 */
final class AttachedTap implements AutoCloseable {
  static final StackRuntime RUNTIME = SystemRuntime.get();

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BUDGET = 64;

  final RecordingHost host;
  final NetifAttachment attachment;
  final QueueAgent queue;
  final TransmitPort port;

  /** How often the driving thread slept. */
  final AtomicLong idles = new AtomicLong();

  private final Deque<ReceivedFrame> pending = new ArrayDeque<>();
  private final Thread driver;
  private volatile boolean stopping;

  AttachedTap(Netif netif) throws Exception {
    host = new RecordingHost("test/net0", RUNTIME, netif.capabilities());
    host.attaching();
    attachment = netif.attach(host);
    host.attached();
    queue = attachment.queues().getFirst();
    port = attachment.openTransmit();
    driver = Thread.ofPlatform().name("driver of " + netif.name()).start(this::drive);
  }

  private void drive() {
    while (!stopping) {
      if (queue.work(BUDGET) == 0) {
        idles.incrementAndGet();
        queue.idle(StackRuntime.NEVER);
      }
    }
  }

  static long soon() {
    return RUNTIME.nanoTime() + PATIENCE.toNanos();
  }

  /** A frame of one piece, in memory of its own. */
  static OutboundFrame frame(byte[] octets) {
    var frame = new OutboundFrame();
    frame.add(MemorySegment.ofArray(octets), 0, octets.length);
    return frame;
  }

  /** Sends one frame; gives how many were taken. */
  int send(OutboundFrame frame) {
    return port.transmit(new OutboundFrame[] {frame}, 1);
  }

  /** Waits for the next frame of a kind, and takes it and what came before it away. */
  ReceivedFrame take(Predicate<byte[]> wanted) {
    while (true) {
      while (!pending.isEmpty()) {
        ReceivedFrame next = pending.removeFirst();
        if (wanted.test(next.octets())) {
          return next;
        }
      }
      if (!host.await(() -> !host.frames().isEmpty(), soon())) {
        throw new AssertionError("no such frame came");
      }
      pending.addAll(host.takeFrames());
    }
  }

  /** Waits for a frame of a kind and takes it, and everything else, away. */
  ReceivedFrame receive(Predicate<byte[]> wanted) {
    if (!host.await(() -> first(wanted) != null, soon())) {
      throw new AssertionError("no such frame came, but " + host.frames());
    }
    ReceivedFrame found = first(wanted);
    host.takeFrames();
    return found;
  }

  private ReceivedFrame first(Predicate<byte[]> wanted) {
    return host.frames().stream().filter(f -> wanted.test(f.octets())).findFirst().orElse(null);
  }

  /** Stops driving the queue, as a strategy does before the slot detaches. */
  void release() throws InterruptedException {
    stopping = true;
    queue.wake();
    driver.join(PATIENCE);
    if (driver.isAlive()) {
      throw new AssertionError("the queue's thread did not come out: " + stack());
    }
  }

  private String stack() {
    return List.of(driver.getStackTrace()).toString();
  }

  @Override
  public void close() throws Exception {
    release();
    if (!attachment.detach(soon())) {
      throw new AssertionError("not detached in time");
    }
    host.ended();
    if (!host.violations().isEmpty()) {
      throw new AssertionError(host.violations());
    }
  }
}
