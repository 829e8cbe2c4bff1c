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
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.testkit.netif.AttachedNetif;
import org.penstock.testkit.netif.MarkedFrames;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.RecordingHost;

/** Real threads at every port. */
class SwitchStressTest {

  private static final int FRAMES = 20_000;
  private static final long PATIENCE_SECONDS = 60;

  private final StackRuntime runtime = SystemRuntime.get();
  private final MarkedFrames marked = new MarkedFrames(LinkType.ETHERNET);
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /**
   * Three stations send all at once to a fourth, which sleeps when its queue is empty and which
   * only a frame wakes: each frame arrives whole and in order, or is counted as dropped.
   */
  @Test
  void everyFrameArrivesOrIsCounted() throws Exception {
    VirtualSwitch sw = new VirtualSwitch(runtime, SwitchOptions.named("sw0").withQueueLength(64));
    RecordingHost receiver = new RecordingHost("r/net0", runtime, sw.port(4).capabilities());
    NetifAttachment to = sw.port(4).attach(receiver);
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
    for (int p = 0; p < 3; p++) {
      int first = p * FRAMES;
      RecordingHost host =
          new RecordingHost("s" + p + "/net0", runtime, sw.port(p + 1).capabilities());
      TransmitPort port = sw.port(p + 1).attach(host).openTransmit();
      senders.add(start(() -> sendAll(port, first)));
    }
    for (Thread sender : senders) {
      sender.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      assertThat(sender.isAlive()).as("a sender that was held up").isFalse();
    }
    long deadline = runtime.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long dropped = sw.statistics(4).full();
    assertThat(receiver.await(() -> receiver.frames().size() == 3 * FRAMES - dropped, deadline))
        .as("frames delivered and dropped")
        .isTrue();
    stop.set(true);
    agent.wake();
    driver.join();
    assertThat(failures).isEmpty();

    int[] next = {0, FRAMES, 2 * FRAMES};
    for (ReceivedFrame frame : receiver.frames()) {
      int id = marked.check(frame.octets());
      assertThat(id).isGreaterThanOrEqualTo(next[id / FRAMES]);
      next[id / FRAMES] = id + 1;
    }
    assertThat(to.detach(deadline)).isTrue();
    receiver.ended();
    assertThat(receiver.violations()).isEmpty();
  }

  private void sendAll(TransmitPort port, int first) {
    MemorySegment memory = Arena.ofAuto().allocate(64);
    OutboundFrame[] one = {new OutboundFrame()};
    for (int i = 0; i < FRAMES; i++) {
      memory.copyFrom(MemorySegment.ofArray(marked.make(first + i, 64)));
      one[0].clear();
      one[0].add(memory, 0, 64);
      if (port.transmit(one, 1) != 1) {
        throw new AssertionError("frame " + i + " was not taken");
      }
    }
  }

  /** Stations come, go and are unplugged while another sends: no callback after a detach. */
  @Test
  void portsComeAndGoUnderLoad() throws Exception {
    VirtualSwitch sw = new VirtualSwitch(runtime, SwitchOptions.named("sw0").withQueueLength(16));
    AtomicBoolean stop = new AtomicBoolean();
    try (AttachedNetif sender = new AttachedNetif(sw.port(1), "a/net0", runtime)) {
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
              sw.plugged(2, in);
            }
            sw.plugged(2, true);
          });
      for (int i = 0; i < 300; i++) {
        try (AttachedNetif receiver = new AttachedNetif(sw.port(2), "b/net" + i, runtime)) {
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
      try (AttachedNetif last = new AttachedNetif(sw.port(2), "b/last", runtime)) {
        assertThat(last.attachment().link().up()).isTrue();
        sender.send(marked.make(2, 64));
        assertThat(last.driveUntil(() -> marked.ids(last.host().frames()).contains(2))).isTrue();
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
}
