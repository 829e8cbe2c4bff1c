package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;

/** What arrives out of order, twice, overlapping, or beyond limits. */
class OutOfOrderTest extends TcpScript {

  @Test
  void eachSegmentAheadOfAGapIsAnsweredByADuplicateAcknowledgement() {
    connected();
    for (int i = 1; i <= 3; i++) {
      peer.segment("A").seq(1 + 1460 * i).ack(1).text(1460, 1460 * i).deliver();
    }
    host.finish();
    for (int i = 0; i < 3; i++) {
      peer.expect("A").seq(1).ack(1).win(65_535);
    }
    peer.expectNothing();
    peer.segment("A").seq(1).ack(1).text(1460, 0).send();
    peer.expect("A").ack(1 + 4 * 1460);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(4 * 1460, 0));
    assertThat(host.count(Counter.TCP_OUT_OF_ORDER)).isEqualTo(3);
  }

  @Test
  void reorderingWithinABatchIsNotReported() {
    connected();
    peer.segment("A").seq(1461).ack(1).text(1460, 1460).deliver();
    peer.segment("A").seq(1).ack(1).text(1460, 0).deliver();
    host.finish();
    peer.expect("A").ack(2921);
    peer.expectNothing();
  }

  @Test
  void anAdvanceAndDuplicatesOfOneBatchAreAllSent() {
    connected();
    peer.segment("A").seq(1).ack(1).text(1460, 0).deliver();
    peer.segment("A").seq(2921).ack(1).text(1460, 2920).deliver();
    peer.segment("A").seq(4381).ack(1).text(1460, 4380).deliver();
    host.finish();
    peer.expect("A").ack(1461);
    peer.expect("A").ack(1461);
    peer.expect("A").ack(1461);
    peer.expectNothing();
  }

  @Test
  void everyOrderAndOverlapGivesTheSameStream() {
    for (int seed = 0; seed < 300; seed++) {
      host = new Host("192.0.2.1", builder());
      peer = new Peer(host, 1024, 80);
      peer.iss = seed % 2 == 0 ? 5000 : -7000;
      user = new RecordingUser();
      connected();
      Random random = new Random(seed);
      host.keepable = random.nextBoolean();
      List<int[]> pieces = new ArrayList<>();
      int total = 20_000;
      for (int at = 0; at < total; ) {
        int length = Math.min(total - at, 1 + random.nextInt(1460));
        pieces.add(new int[] {at, length});
        at += length;
      }
      for (int i = 0; i < 40; i++) {
        int at = random.nextInt(total);
        pieces.add(new int[] {at, Math.min(total - at, 1 + random.nextInt(1460))});
      }
      Collections.shuffle(pieces, random);
      for (int[] piece : pieces) {
        peer.segment("A").seq(1 + piece[0]).ack(1).text(piece[1], piece[0]).deliver();
        if (random.nextInt(4) == 0) {
          host.finish();
        }
      }
      host.finish();
      assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(total, 0));
      assertThat(connection.receiver().reassembly().count()).isZero();
      host.inside(connection::abort);
      host.assertClean();
    }
  }

  @Test
  void piecesAreLimitedAndTheRestOfTheStreamGetsThrough() {
    host = new Host("192.0.2.1", builder().buffers(1 << 20, 1 << 20));
    peer = new Peer(host, 1024, 80);
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(5).send();
    for (int i = 0; i < 3000; i++) {
      peer.segment("A").seq(3 + 2 * i).ack(1).text(1, 2 + 2 * i).send();
    }
    assertThat(connection.receiver().reassembly().count()).isEqualTo(Reassembly.MOST);
    assertThat(host.count(DropReason.TCP_RECEIVE_MEMORY)).isEqualTo(3000 - Reassembly.MOST);
    host.output.sent.clear();
    for (int at = 0; at < 6_100; at += 1000) {
      peer.segment("A").seq(1 + at).ack(1).text(1000, at).send();
    }
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(7000, 0));
    host.inside(connection::abort);
    host.assertClean();
  }

  @Test
  void aCopyThatHasNoRoomForAllOfALongSegmentKeepsThePieceBehindIt() {
    connected();
    host.keepable = false;
    // A jumbo frame around a piece that starts beyond what a copy of it holds.
    peer.segment("A").seq(5001).ack(1).text(100, 5000).send();
    peer.segment("A").seq(2).ack(1).text(8000, 1).send();
    host.output.sent.clear();
    peer.segment("A").seq(1).ack(1).text(1, 0).send();
    peer.expect("A").ack(2 + 4096);
    peer.segment("A").seq(4098).ack(1).text(903, 4097).send();
    peer.expect("A").ack(5101);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(5100, 0));
  }

  @Test
  void whatIsBeyondTheWindowIsCutOff() {
    connected();
    user.reading = false;
    peer.segment("PA").seq(65_530).ack(1).text("inside and outside").send();
    peer.expect("A").ack(1);
    assertThat(connection.receiver().reassembly().bytes()).isEqualTo(6);
    peer.segment("PA").seq(65_536).ack(1).text("outside").send();
    peer.expect("A").ack(1);
    assertThat(host.count(DropReason.TCP_OUT_OF_WINDOW)).isEqualTo(1);
  }

  @Test
  void withoutMemorySegmentsAreDroppedAndSentAgain() {
    host = new Host("192.0.2.1", builder().memoryLimit(1 << 20));
    peer = new Peer(host, 1024, 80);
    host.useOwnLandings = true;
    connected();
    user.reading = false;
    host.keepable = false;
    List<org.penstock.api.buffer.Landing> taken = new ArrayList<>();
    for (var one = host.context.buffers().receiveBuffer();
        one != null;
        one = host.context.buffers().receiveBuffer()) {
      taken.add(one);
    }
    peer.segment("PA").seq(1).ack(1).text("no room").send();
    peer.expect("A").ack(1);
    assertThat(host.count(DropReason.TCP_RECEIVE_MEMORY)).isEqualTo(1);
    peer.segment("PA").seq(4).ack(1).text("room").send();
    peer.expect("A").ack(1);
    taken.forEach(org.penstock.api.buffer.Landing::release);
    peer.segment("PA").seq(1).ack(1).text("no room").send();
    assertThat(connection.available()).isEqualTo(7);
  }

  @Test
  void anOldSynWithTextOrFinDoesNotConfuseTheStream() {
    accepted();
    peer.segment("S").seq(0).text("x").send();
    peer.expectNothing();
    peer.segment("SF").seq(-1).text(30, 0).send();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.text()).isEmpty();
  }
}
