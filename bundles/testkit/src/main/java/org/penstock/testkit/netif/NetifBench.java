package org.penstock.testkit.netif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** What the driver's tests stand on: the device attached to a slot, and a hand on its wire. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class NetifBench {

  /** Frames for one call of {@code work}. */
  static final int BUDGET = 64;

  /** Time and threads of these tests. */
  protected final StackRuntime runtime = SystemRuntime.get();

  NetifFixture fixture;
  Netif netif;
  MarkedFrames marked;
  AttachedNetif slot;
  int longest;

  /** Makes the device under test and a hand on its wire. */
  protected abstract NetifFixture fixture() throws Exception;

  @BeforeEach
  final void attachToASlot() throws Exception {
    fixture = fixture();
    netif = fixture.netif();
    marked = new MarkedFrames(netif.capabilities().linkType());
    longest = marked.longest(netif.capabilities().mtu());
    slot = new AttachedNetif(netif, "test/net0", runtime);
  }

  @AfterEach
  final void detachAndCheck() throws Exception {
    try (NetifFixture closing = fixture) {
      if (slot != null) {
        slot.close();
      }
    }
  }

  final List<QueueAgent> queues() {
    return slot.attachment().queues();
  }

  final long patience() {
    return runtime.nanoTime() + AttachedNetif.PATIENCE.toNanos();
  }

  /** Drives the device until so many marked frames have come, and takes all. */
  final List<ReceivedFrame> receive(int count) {
    slot.driveUntil(() -> marked.ids(slot.host().frames()).size() >= count);
    List<ReceivedFrame> got =
        slot.host().takeFrames().stream().filter(f -> marked.isMarked(f.octets())).toList();
    assertThat(got).as("frames received").hasSize(count);
    for (ReceivedFrame frame : got) {
      assertThat(frame.queue()).isBetween(0, Math.max(0, netif.capabilities().queues() - 1));
    }
    return got;
  }

  /** Takes marked frames off the wire until there are so many. */
  final List<ReceivedFrame> sent(int count) throws Exception {
    List<ReceivedFrame> got = new ArrayList<>();
    long deadline = patience();
    while (got.size() < count && runtime.nanoTime() < deadline) {
      for (ReceivedFrame frame : fixture.takeSent(Duration.ofMillis(200))) {
        if (marked.isMarked(frame.octets())) {
          got.add(frame);
        }
      }
    }
    assertThat(got).as("frames on the wire").hasSize(count);
    return got;
  }

  /** Takes what the device still has of its own, such as a kernel's greetings. */
  final void settle() {
    for (QueueAgent agent : queues()) {
      while (agent.work(BUDGET) > 0) {
        slot.host().takeFrames();
      }
    }
  }

  static Thread start(List<Throwable> failures, Runnable body) {
    return Thread.ofPlatform()
        .daemon(true)
        .start(() -> {
          try {
            body.run();
          } catch (Throwable failure) {
            synchronized (failures) {
              failures.add(failure);
            }
          }
        });
  }

  static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(AttachedNetif.PATIENCE)).as(thread + " ended").isTrue();
    }
  }
}
