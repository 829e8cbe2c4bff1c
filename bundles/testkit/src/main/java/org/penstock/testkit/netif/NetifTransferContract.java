package org.penstock.testkit.netif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.TransmitPort;

/** The part of a driver's contract that is about moving frames; see {@link NetifContract}. */
abstract class NetifTransferContract extends NetifBench {

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
}
