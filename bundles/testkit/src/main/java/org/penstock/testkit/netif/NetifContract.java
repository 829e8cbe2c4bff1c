package org.penstock.testkit.netif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
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
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/**
 * What every NIC driver must do. A driver's test extends this class and gives a {@link
 * NetifFixture}; it runs against the machine's own clock and threads.
 *
 * <p>Waiting ends as soon as what is waited for has happened; only a driver that breaks its
 * contract makes a test wait for long.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class NetifContract {

  private static final int BUDGET = 64;

  /** Time and threads of these tests. */
  protected final StackRuntime runtime = SystemRuntime.get();

  private NetifFixture fixture;
  private Netif netif;
  private MarkedFrames marked;
  private AttachedNetif slot;
  private int longest;

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

  // ---- receiving ----

  @Test
  void deliversWhatTheWireBringsWholeAndInOrder() throws Exception {
    int[] lengths = {MarkedFrames.SHORTEST, 61, Math.min(600, longest), longest};
    for (int i = 0; i < lengths.length; i++) {
      fixture.inject(marked.make(i, lengths[i]));
    }
    List<ReceivedFrame> got = receive(lengths.length);
    assertThat(marked.ids(got)).containsExactly(0, 1, 2, 3);
    assertThat(got)
        .extracting(frame -> frame.octets().length)
        .containsExactly(60, 61, lengths[2], longest);
  }

  @Test
  void readsItsLandingsAgainAfterEachDelivery() throws Exception {
    List<Integer> expected = new ArrayList<>();
    List<ReceivedFrame> got = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 25; i++) {
        int id = round * 25 + i;
        expected.add(id);
        fixture.inject(marked.make(id, MarkedFrames.SHORTEST + id % 400));
      }
      got.addAll(receive(25));
    }
    assertThat(marked.ids(got)).isEqualTo(expected);
  }

  @Test
  void worksWithinItsBudget() throws Exception {
    assumeTrue(!queues().isEmpty(), "a driver that pushes has no budget");
    for (int i = 0; i < 10; i++) {
      fixture.inject(marked.make(i, 100));
    }
    long deadline = runtime.nanoTime() + AttachedNetif.PATIENCE.toNanos();
    List<ReceivedFrame> got = new ArrayList<>();
    while (marked.ids(got).size() < 10 && runtime.nanoTime() < deadline) {
      for (QueueAgent agent : queues()) {
        int said = agent.work(3);
        List<ReceivedFrame> delivered = slot.host().takeFrames();
        assertThat(said)
            .as("frames delivered by work(3)")
            .isEqualTo(delivered.size())
            .isBetween(0, 3);
        got.addAll(delivered);
      }
    }
    assertThat(marked.ids(got)).hasSize(10);
  }

  @Test
  void sendsFromWithinADelivery() throws Exception {
    Arena arena = Arena.ofAuto();
    OutboundFrame[] reply = {AttachedNetif.outbound(arena, marked.make(77, 90))};
    AtomicInteger replies = new AtomicInteger();
    slot.host()
        .onDeliver(() -> {
          if (replies.get() == 0 && !marked.ids(slot.host().frames()).isEmpty()) {
            replies.set(slot.port().transmit(reply, 1));
          }
        });
    fixture.inject(marked.make(1, 90));
    receive(1);
    assertThat(replies).hasValue(1);
    assertThat(marked.ids(sent(1))).containsExactly(77);
  }

  // ---- sending ----

  @Test
  void sendsWhatItIsGivenWholeAndInOrder() throws Exception {
    slot.send(marked.make(1, 60), marked.make(2, longest), marked.make(3, 333));
    List<ReceivedFrame> got = sent(3);
    assertThat(marked.ids(got)).containsExactly(1, 2, 3);
    assertThat(got).extracting(frame -> frame.octets().length).containsExactly(60, longest, 333);
  }

  @Test
  void gathersAFrameFromManyPieces() throws Exception {
    byte[] octets = marked.make(5, Math.min(1400, longest));
    int pieces = Math.min(netif.capabilities().gather(), 40);
    OutboundFrame frame = new OutboundFrame();
    try (Arena arena = Arena.ofConfined()) {
      int at = 0;
      for (int i = 0; i < pieces; i++) {
        int length = i == pieces - 1 ? octets.length - at : i % 3 == 0 ? 1 : 14 + i % 5;
        // Each piece somewhere within memory of its own.
        MemorySegment memory = arena.allocate(length + 48);
        memory.fill((byte) 0xee);
        int offset = 5 + i;
        MemorySegment.copy(MemorySegment.ofArray(octets), at, memory, offset, length);
        frame.add(memory, offset, length);
        at += length;
      }
      assertThat(slot.port().transmit(new OutboundFrame[] {frame}, 1)).isEqualTo(1);
    }
    assertThat(sent(1).getFirst().octets()).isEqualTo(octets);
  }

  @Test
  void readsAFrameOnlyWhileItIsLent() throws Exception {
    Arena arena = Arena.ofAuto();
    MemorySegment memory = arena.allocate(longest);
    OutboundFrame frame = new OutboundFrame();
    for (int id = 0; id < 5; id++) {
      // The object and its memory are used again at once, as a stack does.
      memory.copyFrom(MemorySegment.ofArray(marked.make(id, longest)));
      frame.clear();
      frame.add(memory, 0, longest);
      assertThat(slot.port().transmit(new OutboundFrame[] {frame}, 1)).isEqualTo(1);
      memory.fill((byte) 0xa5);
    }
    assertThat(marked.ids(sent(5))).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void sendsNoMoreOfABatchThanItIsTold() throws Exception {
    Arena arena = Arena.ofAuto();
    OutboundFrame[] batch = new OutboundFrame[4];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = AttachedNetif.outbound(arena, marked.make(i, 80));
    }
    assertThat(slot.port().transmit(batch, 0)).isZero();
    assertThat(slot.port().transmit(batch, 2)).isEqualTo(2);
    slot.send(marked.make(9, 80));
    assertThat(marked.ids(sent(3))).containsExactly(0, 1, 9);
  }

  @Test
  void takesAndDropsWhatItCanNeverSend() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      byte[] tooLong = marked.make(1, longest + 1);
      OutboundFrame[] batch = {
        AttachedNetif.outbound(arena, tooLong), AttachedNetif.outbound(arena, marked.make(2, 80))
      };
      assertThat(slot.port().transmit(batch, 2)).isEqualTo(2);
    }
    assertThat(marked.ids(sent(1))).containsExactly(2);
  }

  @Test
  void takesFewerWhenFullAndSaysWhenThereIsRoom() throws Exception {
    assumeTrue(fixture.stall(), "the fixture can't make the device refuse a frame");
    int most = 1 << 20;
    int taken = 0;
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] one = new OutboundFrame[1];
      for (int more = 1; more == 1 && taken < most; taken += more) {
        one[0] = AttachedNetif.outbound(arena, marked.make(taken, 60));
        more = slot.port().transmit(one, 1);
      }
    }
    assertThat(taken).as("a bounded queue").isLessThan(most);
    assertThat(slot.host().transmitReadies()).as("transmit never calls the host").isZero();
    fixture.resume();
    List<ReceivedFrame> got = new ArrayList<>(sent(taken));
    assertThat(slot.driveUntil(() -> slot.host().transmitReadies() > 0)).isTrue();
    slot.send(marked.make(taken, 60));
    got.addAll(sent(1));
    List<Integer> ids = marked.ids(got);
    assertThat(ids).hasSize(taken + 1).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void twoPortsSendFromTwoThreads() throws Exception {
    int each = 200;
    TransmitPort[] ports = {slot.attachment().openTransmit(), slot.attachment().openTransmit()};
    List<Thread> senders = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int p = 0; p < 2; p++) {
      int first = p * 1000;
      TransmitPort port = ports[p];
      senders.add(
          start(
              failures,
              () -> {
                for (int i = 0; i < each; i++) {
                  slot.send(port, marked.make(first + i, 60 + i));
                }
              }));
    }
    List<Integer> ids = marked.ids(sent(2 * each));
    join(senders);
    assertThat(failures).isEmpty();
    assertThat(ids).hasSize(2 * each);
    assertThat(ids.stream().filter(id -> id < 1000).toList()).hasSize(each).isSorted();
    assertThat(ids.stream().filter(id -> id >= 1000).toList()).hasSize(each).isSorted();
  }

  @Test
  void aClosedPortSendsNothing() throws Exception {
    TransmitPort port = slot.attachment().openTransmit();
    port.close();
    try (Arena arena = Arena.ofConfined()) {
      OutboundFrame[] batch = {AttachedNetif.outbound(arena, marked.make(1, 80))};
      assertThat(port.transmit(batch, 1)).isZero();
    }
    slot.send(marked.make(2, 80));
    assertThat(marked.ids(sent(1))).as("the other port goes on").containsExactly(2);
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

  private List<QueueAgent> queues() {
    return slot.attachment().queues();
  }

  private long patience() {
    return runtime.nanoTime() + AttachedNetif.PATIENCE.toNanos();
  }

  /** Drives the device until so many marked frames have come, and takes all. */
  private List<ReceivedFrame> receive(int count) {
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
  private List<ReceivedFrame> sent(int count) throws Exception {
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
  private void settle() {
    for (QueueAgent agent : queues()) {
      while (agent.work(BUDGET) > 0) {
        slot.host().takeFrames();
      }
    }
  }

  private void injectInVain(byte[] frame) {
    try {
      fixture.inject(frame);
    } catch (Exception nobodyThere) {
      // A device without a reader may refuse it: as good as losing it.
      assertThat(nobodyThere).isNotInstanceOf(RuntimeException.class);
    }
  }

  private static Thread start(List<Throwable> failures, Runnable body) {
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

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(AttachedNetif.PATIENCE)).as(thread + " ended").isTrue();
    }
  }
}
