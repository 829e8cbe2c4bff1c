package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.wire.TcpOption;

/** RFC 2018: negotiation of selective acknowledgement, and what a receiver reports. */
class Rfc2018SackTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  private void connectedWithSack() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().send();
    peer.expect("A").seq(1).ack(1);
  }

  private void connectedWithSackAndTimestamps() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().stamps(1, 0).send();
    peer.expect("A").seq(1).ack(1);
  }

  /** One of the segments of 1000 bytes that the stream is cut into. */
  private Peer.Inject numbered(int number) {
    return peer.segment("A").seq(1 + 1000 * number).ack(1).text(1000, 1000 * number);
  }

  // ---- negotiation ----

  @Test
  void ourSynPermitsIt() {
    host.connect(1024, peer.transport(), settings, user);
    peer.expect("S").option(new TcpOption.SackPermitted());
  }

  @Test
  void theSynAckPermitsItOnlyIfTheSynDid() {
    listening(8);
    peer.segment("S").mss(MSS).sackPermitted().send();
    peer.expect("SA").option(new TcpOption.SackPermitted());
    peer = new Peer(host, 80, 1025);
    peer.segment("S").mss(MSS).send();
    assertThat(peer.expect("SA").sent.header().options())
        .doesNotContain(new TcpOption.SackPermitted());
  }

  @Test
  void aStackThatIsToldNotToDoesNeitherOfferNorAnswerNorReport() {
    host = new Host("192.0.2.1", builder().sack(false));
    peer = new Peer(host, 1024, 80);
    host.connect(1024, peer.transport(), settings, user);
    assertThat(peer.expect("S").sent.header().options())
        .doesNotContain(new TcpOption.SackPermitted());
    listening(8);
    peer.segment("S").mss(MSS).sackPermitted().send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    assertThat(peer.expect("SA").sent.header().options())
        .doesNotContain(new TcpOption.SackPermitted());
    peer.segment("A").seq(1).ack(1).send();
    numbered(1).send();
    peer.expect("A").ack(1).sack();
  }

  @Test
  void withoutThePeersPermissionNothingIsReported() {
    connected();
    numbered(1).send();
    peer.expect("A").ack(1).sack();
  }

  @Test
  void whatIsInOrderNeedsNoReport() {
    connectedWithSack();
    numbered(0).deliver();
    numbered(1).send();
    peer.expect("A").ack(2001).sack();
    peer.expectNothing();
  }

  // ---- §4 ----

  @Test
  void theFirstBlockIsTheOneThatTheSegmentBelongsTo() {
    connectedWithSack();
    numbered(1).send();
    peer.expect("A").ack(1).sack(1001, 2001);
    numbered(3).send();
    peer.expect("A").ack(1).sack(3001, 4001, 1001, 2001);
    numbered(5).send();
    peer.expect("A").ack(1).sack(5001, 6001, 3001, 4001, 1001, 2001);
    numbered(2).send();
    peer.expect("A").ack(1).sack(1001, 4001, 5001, 6001);
  }

  @Test
  void asManyAsFitFourWithoutTimestampsThreeWith() {
    connectedWithSack();
    for (int number : new int[] {9, 7, 5, 3, 1}) {
      numbered(number).send();
    }
    for (int i = 0; i < 4; i++) {
      peer.expect("A");
    }
    peer.expect("A").sack(1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001);

    peer = new Peer(host, 1025, 80);
    connection = host.connect(1025, peer.transport(), settings, new RecordingUser());
    peer.theirIss = host.output.sent.poll().header().sequence();
    peer.segment("SA").ack(1).mss(MSS).sackPermitted().stamps(1, 0).send();
    peer.expect("A");
    for (int number : new int[] {9, 7, 5, 3, 1}) {
      numbered(number).stamps(2, 0).send();
    }
    for (int i = 0; i < 4; i++) {
      peer.expect("A");
    }
    peer.expect("A").sack(1001, 2001, 3001, 4001, 5001, 6001);
  }

  @Test
  void aBlockThatHadNoRoomComesBackWholeWhenItGrows() {
    connectedWithSackAndTimestamps();
    for (int number : new int[] {1, 3, 5, 7, 9}) {
      numbered(number).send();
    }
    peer.ignoreSent();
    numbered(2).send();
    peer.expect("A").sack(1001, 4001, 9001, 10_001, 7001, 8001);
  }

  @Test
  void oneAcknowledgementReportsWhatCameInOneOccupation() {
    connectedWithSack();
    for (int number = 1; number < 20; number++) {
      numbered(number).deliver();
    }
    host.finish();
    peer.expect("A").ack(1).sack(1001, 20_001);
    peer.expectNothing();
  }

  @Test
  void soManyLeaveThatEachNewBlockIsReportedOnce() {
    connectedWithSackAndTimestamps();
    for (int number : new int[] {1, 3, 5, 7, 9}) {
      numbered(number).deliver();
    }
    host.finish();
    peer.expect("A").sack(5001, 6001, 3001, 4001, 1001, 2001);
    peer.expect("A").sack(9001, 10_001, 7001, 8001, 5001, 6001);
    peer.expectNothing();
  }

  @Test
  void reorderingWithinAnOccupationIsNotReported() {
    connectedWithSack();
    numbered(1).deliver();
    numbered(0).deliver();
    host.finish();
    peer.expect("A").ack(2001).sack();
    peer.expectNothing();
  }

  @Test
  void aFilledGapLeavesTheBlocksBehindIt() {
    connectedWithSack();
    numbered(1).send();
    numbered(3).send();
    peer.ignoreSent();
    numbered(0).send();
    peer.expect("A").ack(2001).sack(3001, 4001);
    numbered(2).send();
    peer.expect("A").ack(4001).sack();
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(4000, 0));
  }

  @Test
  void aFullSegmentOfTextHasNoRoomSoTheReportGoesAhead() {
    connectedWithSack();
    numbered(1).deliver();
    host.inside(() -> send(1460, 0));
    peer.expect("A").length(0).ack(1).sack(1001, 2001);
    peer.expect("PA").length(1460).sack();
    numbered(0).deliver();
    numbered(3).deliver();
    host.inside(() -> send(1460, 1460));
    peer.expect("A").length(0).ack(2001).sack(3001, 4001);
  }

  @Test
  void aShortSegmentOfTextCarriesThem() {
    connectedWithSack();
    numbered(1).send();
    peer.expect("A").sack(1001, 2001);
    send("short");
    peer.expect("PA").text("short").ack(1).sack(1001, 2001);
    send(1460 - 12, 5);
    peer.segment("A").seq(1).ack(6).send();
    peer.expect("PA").length(1448).sack(1001, 2001);
  }

  @Test
  void whatWasNotKeptIsNotReported() {
    connectedWithSack();
    for (int i = 0; i <= Reassembly.MOST; i++) {
      peer.segment("A").seq(3 + 2 * i).ack(1).text(1, 2 + 2 * i).deliver();
    }
    int last = 3 + 2 * Reassembly.MOST;
    host.finish();
    FakeOutput.Sent sent = null;
    while (!host.output.sent.isEmpty()) {
      sent = host.output.sent.poll();
    }
    assertThat(sent).isNotNull();
    peer.new Expect(sent)
        .sack(last - 2, last - 1, last - 4, last - 3, last - 6, last - 5, last - 8, last - 7);
  }

  @Test
  void whateverTheOrderTheSenderLearnsOfAllThatArrived() {
    for (int seed = 0; seed < 200; seed++) {
      host = new Host("192.0.2.1", builder());
      peer = new Peer(host, 1024, 80);
      peer.iss = seed % 2 == 0 ? 5000 : -7000;
      user = new RecordingUser();
      connectedWithSackAndTimestamps();
      Random random = new Random(seed);
      host.keepable = random.nextBoolean();
      TreeSet<Integer> arrived = new TreeSet<>();
      TreeSet<Integer> reported = new TreeSet<>();
      List<Integer> rest = new ArrayList<>();
      for (int i = 1; i < 60; i++) {
        rest.add(i);
      }
      while (!rest.isEmpty()) {
        int number = rest.remove(random.nextInt(Math.min(rest.size(), 30)));
        arrived.add(number);
        numbered(number).deliver();
        if (random.nextInt(4) == 0) {
          host.finish();
          collect(reported);
          assertThat(reported).as("seed " + seed).isEqualTo(arrived);
        }
      }
      host.finish();
      numbered(0).send();
      assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(60_000, 0));
      host.inside(connection::abort);
      host.assertClean();
    }
  }

  /** What a sender's scoreboard takes from the acknowledgements. */
  private void collect(TreeSet<Integer> reported) {
    for (FakeOutput.Sent sent = host.output.sent.poll();
        sent != null;
        sent = host.output.sent.poll()) {
      for (TcpOption option : sent.header().options()) {
        if (option instanceof TcpOption.Sack sack) {
          for (TcpOption.SackBlock block : sack.blocks()) {
            for (int at = block.left(); at != block.right(); at += 1000) {
              reported.add((at - peer.iss - 1) / 1000);
            }
          }
        }
      }
    }
  }
}
