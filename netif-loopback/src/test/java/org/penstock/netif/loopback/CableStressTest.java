package org.penstock.netif.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.MarkedFrames;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/** Real threads on both ends of a short queue. */
class CableStressTest {

  private static final int FRAMES = 20_000;
  private static final long PATIENCE_SECONDS = 60;

  private final StackRuntime runtime = SystemRuntime.get();
  private final MarkedFrames marked = new MarkedFrames(LinkType.ETHERNET);
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /**
   * Senders sleep when the queue is full and only {@code transmitReady} wakes them; the receiver
   * sleeps when it is empty and only a frame wakes it: one lost signal and nothing moves any more.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 4"})
  void noSignalIsLostAndNoFrame(int ports, int queueLength) throws Exception {
    Cable cable = new Cable(runtime, CableOptions.named("wire").withQueueLength(queueLength));
    Ready ready = new Ready();
    RecordingHost receiver = new RecordingHost("b/net0", runtime, cable.end(1).capabilities());
    NetifAttachment from = cable.end(0).attach(new ReadyHost(ready));
    NetifAttachment to = cable.end(1).attach(receiver);
    QueueAgent agent = to.queues().getFirst();
    AtomicBoolean stop = new AtomicBoolean();
    Thread driver =
        start(() -> {
          while (!stop.get()) {
            if (agent.work(64) == 0) {
              agent.idle(Long.MAX_VALUE);
            }
          }
        });
    List<Thread> senders = new ArrayList<>();
    for (int p = 0; p < ports; p++) {
      int first = p * FRAMES;
      TransmitPort port = from.openTransmit();
      senders.add(start(() -> sendAll(port, first, ready)));
    }
    for (Thread sender : senders) {
      sender.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(sender.isAlive()).as("a sender that nobody woke").isFalse();
    }
    long deadline = runtime.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    assertThat(receiver.await(() -> receiver.frames().size() == ports * FRAMES, deadline)).isTrue();
    stop.set(true);
    agent.wake();
    driver.join();
    assertThat(failures).isEmpty();

    int[] next = {0, FRAMES, 2 * FRAMES};
    for (ReceivedFrame frame : receiver.frames()) {
      int id = marked.check(frame.octets());
      assertThat(id).isEqualTo(next[id / FRAMES]++);
    }
    assertThat(cable.statistics(0).full()).as("the queue was full at times").isPositive();
    assertThat(to.detach(deadline)).isTrue();
    receiver.ended();
    assertThat(receiver.violations()).isEmpty();
  }

  private void sendAll(TransmitPort port, int first, Ready ready) {
    MemorySegment memory = Arena.ofAuto().allocate(64);
    OutboundFrame[] one = {new OutboundFrame()};
    for (int i = 0; i < FRAMES; i++) {
      memory.copyFrom(MemorySegment.ofArray(marked.make(first + i, 64)));
      one[0].clear();
      one[0].add(memory, 0, 64);
      long seen = ready.count();
      while (port.transmit(one, 1) == 0) {
        ready.awaitBeyond(seen);
        seen = ready.count();
      }
    }
  }

  /** Ends come and go while the other one sends: no callback after a detach, no landing lost. */
  @Test
  void endsComeAndGoUnderLoad() throws Exception {
    Cable cable = new Cable(runtime, CableOptions.named("wire").withQueueLength(16));
    AtomicBoolean stop = new AtomicBoolean();
    try (AttachedNetif sender = new AttachedNetif(cable.end(0), "a/net0", runtime)) {
      MemorySegment memory = Arena.ofAuto().allocate(64);
      memory.copyFrom(MemorySegment.ofArray(marked.make(1, 64)));
      TransmitPort port = sender.attachment().openTransmit();
      Thread flood =
          start(() -> {
            OutboundFrame[] one = {new OutboundFrame()};
            one[0].add(memory, 0, 64);
            while (!stop.get()) {
              port.transmit(one, 1);
            }
          });
      Thread plug =
          start(() -> {
            for (boolean in = false; !stop.get(); in = !in) {
              cable.plugged(in);
            }
            cable.plugged(true);
          });
      for (int i = 0; i < 300; i++) {
        try (AttachedNetif receiver = new AttachedNetif(cable.end(1), "b/net" + i, runtime)) {
          for (int w = 0; w < 20; w++) {
            receiver.work();
          }
          for (ReceivedFrame frame : receiver.host().frames()) {
            assertThat(marked.check(frame.octets())).isEqualTo(1);
          }
        }
      }
      stop.set(true);
      flood.join();
      plug.join();
      assertThat(failures).isEmpty();
      try (AttachedNetif last = new AttachedNetif(cable.end(1), "b/last", runtime)) {
        assertThat(last.attachment().link()).isEqualTo(LinkState.UP);
        assertThat(sender.host().links()).endsWith(LinkState.UP);
        List<LinkState> links = sender.host().links();
        for (int i = 1; i < links.size(); i++) {
          assertThat(links.get(i)).as("link change " + i).isNotEqualTo(links.get(i - 1));
        }
      }
    }
  }

  private Thread start(Runnable body) {
    return Thread.ofPlatform()
        .daemon(true)
        .start(() -> {
          try {
            body.run();
          } catch (Throwable failure) {
            failures.add(failure);
          }
        });
  }

  /** Counts signals, so that one that came before a sender sleeps is not missed by the test. */
  private static final class Ready {
    private long count;

    synchronized long count() {
      return count;
    }

    synchronized void signal() {
      count++;
      notifyAll();
    }

    synchronized void awaitBeyond(long seen) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (count == seen) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("transmitReady never came");
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /** A slot that only listens for room. */
  private record ReadyHost(Ready ready) implements NetifHost {
    @Override
    public String slot() {
      return "a/net0";
    }

    @Override
    public org.penstock.api.MacAddress mac() {
      return org.penstock.api.MacAddress.locallyAdministered(1);
    }

    @Override
    public StackRuntime runtime() {
      return SystemRuntime.get();
    }

    @Override
    public ReceivePort openReceive(int queue, int batch) {
      throw new AssertionError("nothing is received here");
    }

    @Override
    public void linkChanged(LinkState state) {}

    @Override
    public void capabilitiesChanged() {}

    @Override
    public void transmitReady() {
      ready.signal();
    }

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
