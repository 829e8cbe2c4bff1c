package org.penstock.testkit.netif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.MulticastFilter;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;

/**
 * What every NIC driver must do. A driver's test extends this class and gives a {@link
 * NetifFixture}; it runs against the machine's own clock and threads.
 *
 * <p>Waiting ends as soon as what is waited for has happened; only a driver that breaks its
 * contract makes a test wait for long.
 */
public abstract class NetifContract extends NetifTransferContract {

  // ---- what it says of itself ----

  @Test
  void saysWhatItIs() {
    NetifCapabilities can = netif.capabilities();
    assertThat(netif.name()).isNotBlank();
    assertThat(can.retains()).as("reserved").isFalse();
    assertThat(slot.attachment().queues()).hasSize(can.queues());
    assertThat(slot.attachment().queues()).isSameAs(slot.attachment().queues());
    assertThat(can.receiveCoalescing()).isGreaterThanOrEqualTo(longest);
    assertThat(can.tcpSegmentation() == 0 || can.checksumOut())
        .as("segmentation goes with checksums")
        .isTrue();
  }

  // ---- waiting ----

  @Test
  void anEmptyDeviceReturnsAtOnce() {
    settle();
    for (QueueAgent agent : queues()) {
      assertThat(agent.work(BUDGET)).isZero();
    }
  }

  @Test
  void aWakeBeforeIdleIsNotLost() {
    for (QueueAgent agent : queues()) {
      settle();
      agent.wake();
      long start = runtime.nanoTime();
      agent.idle(start + AttachedNetif.PATIENCE.toNanos());
      assertThat(runtime.nanoTime() - start).isLessThan(AttachedNetif.PATIENCE.toNanos());
    }
  }

  @Test
  void aWakeEndsIdle() throws Exception {
    for (QueueAgent agent : queues()) {
      for (int i = 0; i < 50; i++) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        Thread idler =
            start(
                failures,
                () -> {
                  while (!stop.get()) {
                    agent.work(BUDGET);
                    if (!stop.get()) {
                      agent.idle(Long.MAX_VALUE);
                    }
                  }
                });
        stop.set(true);
        agent.wake();
        join(List.of(idler));
        assertThat(failures).isEmpty();
      }
    }
  }

  @Test
  void aFrameEndsIdle() throws Exception {
    assumeTrue(!queues().isEmpty(), "a driver that pushes is not idled in");
    List<Throwable> failures = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> idlers = new ArrayList<>();
    for (QueueAgent agent : queues()) {
      idlers.add(
          start(
              failures,
              () -> {
                while (!stop.get()) {
                  if (agent.work(BUDGET) == 0) {
                    agent.idle(Long.MAX_VALUE);
                  }
                }
              }));
    }
    for (int i = 0; i < 100; i++) {
      int count = i + 1;
      fixture.inject(marked.make(i, 60));
      assertThat(
              slot.host().await(() -> marked.ids(slot.host().frames()).size() == count, patience()))
          .as("frame " + i + " ended idle")
          .isTrue();
    }
    stop.set(true);
    queues().forEach(QueueAgent::wake);
    join(idlers);
    assertThat(failures).isEmpty();
  }

  @Test
  void idleKeepsItsDeadline() {
    for (QueueAgent agent : queues()) {
      settle();
      long start = runtime.nanoTime();
      agent.idle(start + 20_000_000);
      agent.idle(start - 1);
      assertThat(runtime.nanoTime() - start).isLessThan(AttachedNetif.PATIENCE.toNanos());
    }
  }

  @Test
  void anInterruptEndsIdle() throws Exception {
    for (QueueAgent agent : queues()) {
      List<Throwable> failures = new ArrayList<>();
      Thread idler =
          start(
              failures,
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  agent.work(BUDGET);
                  agent.idle(Long.MAX_VALUE);
                }
              });
      idler.interrupt();
      join(List.of(idler));
      assertThat(failures).isEmpty();
    }
  }

  // ---- link ----

  @Test
  void tellsWhenTheLinkChanges() throws Exception {
    assertThat(slot.driveUntil(() -> slot.attachment().link().up())).isTrue();
    assumeTrue(fixture.link(false), "the fixture can't cut the link");
    assertThat(slot.driveUntil(() -> lastLink() == LinkSeen.DOWN)).isTrue();
    assertThat(slot.attachment().link().up()).isFalse();
    fixture.link(true);
    assertThat(slot.driveUntil(() -> lastLink() == LinkSeen.UP)).isTrue();
    assertThat(slot.attachment().link().up()).isTrue();
    fixture.inject(marked.make(1, 60));
    assertThat(marked.ids(receive(1))).containsExactly(1);
  }

  @Test
  void aMulticastFilterNeverHidesBroadcasts() throws Exception {
    MacAddress group = MacAddress.parse("01:00:5e:00:00:fb");
    slot.attachment().multicast(MulticastFilter.NONE);
    slot.attachment().multicast(new MulticastFilter(false, Set.of(group)));
    fixture.inject(marked.make(1, 60));
    slot.attachment().multicast(new MulticastFilter(true, Set.of()));
    fixture.inject(marked.make(2, 60));
    assertThat(marked.ids(receive(2))).containsExactly(1, 2);
  }

  // ---- life ----

  @Test
  void refusesASecondSlotAndKeepsTheFirst() throws Exception {
    RecordingHost second = new RecordingHost("test/net1", runtime, netif.capabilities());
    second.attaching();
    assertThatThrownBy(() -> netif.attach(second))
        .isInstanceOf(NetifException.class)
        .hasMessageContaining(netif.name());
    second.ended();
    fixture.inject(marked.make(1, 60));
    assertThat(marked.ids(receive(1))).containsExactly(1);
    assertThat(second.violations()).isEmpty();
    assertThat(second.landingsMade()).isZero();
  }

  @Test
  void aFailedAttachLeavesNothingBehind() throws Exception {
    Netif unusable = fixture.unusable();
    if (unusable == null) {
      Assumptions.abort("a driver of this kind can always be attached");
      return;
    }
    for (int i = 0; i < 3; i++) {
      RecordingHost host = new RecordingHost("test/net2", runtime, unusable.capabilities());
      host.attaching();
      assertThatThrownBy(() -> unusable.attach(host))
          .isInstanceOf(NetifException.class)
          .hasMessageNotContaining("attached")
          .message()
          .isNotBlank();
      host.ended();
      assertThat(host.violations()).isEmpty();
      assertThat(host.landingsMade()).isZero();
    }
  }

  @Test
  void detachesWithoutEverHavingWorked() {
    slot.detach();
    assertThat(slot.host().landingsOut()).isZero();
  }

  @Test
  void nothingComesAfterDetach() throws Exception {
    fixture.inject(marked.make(1, 60));
    receive(1);
    TransmitPort port = slot.port();
    List<QueueAgent> agents = queues();
    fixture.inject(marked.make(2, 60));
    slot.detach();
    injectInVain(marked.make(3, 60));
    fixture.link(false);
    fixture.link(true);
    for (QueueAgent agent : agents) {
      agent.wake();
      assertThat(agent.work(BUDGET)).isZero();
    }
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] batch = {AttachedNetif.outbound(arena, marked.make(4, 80))};
      assertThat(port.transmit(batch, 1)).as("frames taken after detach").isZero();
    }
    assertThat(slot.attachment().detach(patience())).as("detach twice").isTrue();
  }

  @Test
  void detachIsAFenceUnderLoad() throws Exception {
    for (int round = 0; round < 5; round++) {
      AttachedNetif driven = slot;
      AtomicBoolean stop = new AtomicBoolean();
      List<Throwable> failures = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (QueueAgent agent : driven.attachment().queues()) {
        threads.add(
            start(
                failures,
                () -> {
                  while (!stop.get()) {
                    if (agent.work(BUDGET) == 0) {
                      agent.idle(Long.MAX_VALUE);
                    }
                  }
                }));
      }
      for (int i = 0; i < 200; i++) {
        fixture.inject(marked.make(i, 200));
      }
      stop.set(true);
      driven.attachment().queues().forEach(QueueAgent::wake);
      join(threads);
      driven.close();
      assertThat(failures).isEmpty();
      slot = new AttachedNetif(netif, "test/net" + round, runtime);
    }
  }

  @Test
  void canBeAttachedAgain() throws Exception {
    for (int round = 0; round < 5; round++) {
      slot.close();
      slot = new AttachedNetif(netif, "test/again" + round, runtime);
      assertThat(slot.driveUntil(() -> slot.attachment().link().up())).isTrue();
      fixture.inject(marked.make(round, 60));
      assertThat(marked.ids(receive(1))).containsExactly(round);
      slot.send(marked.make(100 + round, 60));
      assertThat(marked.ids(sent(1))).containsExactly(100 + round);
    }
  }

  // ---- what the tests are made of ----

  private enum LinkSeen {
    NONE,
    UP,
    DOWN
  }

  private LinkSeen lastLink() {
    List<LinkState> links = slot.host().links();
    return links.isEmpty() ? LinkSeen.NONE : links.getLast().up() ? LinkSeen.UP : LinkSeen.DOWN;
  }

  private void injectInVain(byte[] frame) {
    try {
      fixture.inject(frame);
    } catch (Exception nobodyThere) {
      // A device without a reader may refuse it: as good as losing it.
      assertThat(nobodyThere).isNotInstanceOf(RuntimeException.class);
    }
  }
}
