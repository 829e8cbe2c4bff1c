package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.8.6.2.2 and PITFALLS 12 and 13: the window that we offer. */
class WindowUpdateTest extends TcpScript {

  private void fill() {
    user.reading = false;
    for (int at = 0; at < 65_535; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(Math.min(1460, 65_535 - at), at).send();
    }
    host.runTo(host.now() + 50 * Host.MILLIS);
    peer.ignoreSent();
  }

  private void read(int bytes) {
    host.inside(() -> connection.receive(MemorySegment.ofArray(new byte[bytes]), 0, bytes));
  }

  @Test
  void readingOpensAClosedWindowAtOnceByTwoSegments() {
    connected();
    fill();
    read(2919);
    peer.expectNothing();
    read(1);
    peer.expect("A").seq(1).ack(65_536).win(2920);
    read(2919);
    peer.expectNothing();
    read(65_535);
    peer.expect("A").ack(65_536).win(65_535);
  }

  @Test
  void anOpenWindowIsUpdatedOnlyByAQuarterOfTheBuffer() {
    connected();
    user.reading = false;
    for (int at = 0; at < 29_200; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(1460, at).send();
    }
    peer.ignoreSent();
    read(16_000);
    peer.expectNothing();
    read(1000);
    peer.expect("A").ack(29_201).win(65_535 - 29_200 + 17_000);
  }

  @Test
  void severalReadsOfOneOccupationMakeOneUpdate() {
    connected();
    fill();
    host.inside(() -> {
      for (int i = 0; i < 20; i++) {
        connection.receive(MemorySegment.ofArray(new byte[2000]), 0, 2000);
      }
    });
    peer.expect("A").win(40_000);
    peer.expectNothing();
  }

  @Test
  void bytesTakenOpenTheWindowOnlyWhenTheyAreCredited() {
    connected();
    fill();
    int taken = 0;
    for (var landing = connection.take(); landing != null; landing = connection.take()) {
      taken += landing.length();
      landing.release();
    }
    host.finish();
    peer.expectNothing();
    assertThat(taken).isEqualTo(65_535);
    host.inside(() -> connection.credit(30_000));
    peer.expect("A").win(30_000);
    host.inside(() -> connection.credit(35_535));
    peer.expect("A").win(65_535);
  }

  @Test
  void manySmallSegmentsDoNotCloseTheWindow() {
    // PITFALLS 13: what is charged is bytes, and small payloads are copied together.
    connected();
    user.reading = false;
    for (int i = 0; i < 10_000; i++) {
      peer.segment("PA").seq(1 + i).ack(1).text(1, i).send();
      assertThat(host.landingsOut()).isZero();
    }
    host.runTo(host.now() + 50 * Host.MILLIS);
    var last = host.output.sent.stream().reduce((a, b) -> b).orElseThrow();
    assertThat(last.header().window()).isEqualTo(55_535);
    assertThat(host.context.buffers().account().held()).isLessThanOrEqualTo(4 << 20);
    user.readAll(connection);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(10_000, 0));
  }

  @Test
  void aSmallerBufferDoesNotTakeTheWindowBack() {
    connected();
    user.reading = false;
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withBuffers(0, 8192)));
    peer.segment("PA").seq(1).ack(1).text(1000, 0).send();
    peer.segment("PA").seq(1001).ack(1).text(1000, 1000).send();
    peer.expect("A").ack(2001).win(63_535);
    peer.segment("PA").seq(65_536 - 10).ack(1).text(10, 0).send();
    peer.expect("A").ack(2001).win(63_535);
    assertThat(connection.receiver().reassembly().bytes()).isEqualTo(10);
  }

  @Test
  void theWindowsRightEdgeNeverMovesBackWhateverIsRead() {
    host = new Host("192.0.2.1", builder().buffers(1 << 20, 1 << 20));
    peer = new Peer(host, 1024, 80);
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).send();
    java.util.Random random = new java.util.Random(5);
    user.reading = false;
    int at = 1;
    int edge = host.output.sent.poll().header().acknowledgment();
    int shift = connection.receiver().shift();
    assertThat(shift).isEqualTo(5);
    for (int i = 0; i < 20_000; i++) {
      int room = connection.receiver().edge() - connection.receiver().next();
      int bytes = Math.min(room, 1 + random.nextInt(i % 1000 < 500 ? 1460 : 50));
      if (bytes > 0) {
        peer.segment("A").seq(at).ack(1).text(bytes, at).send();
        at += bytes;
      }
      if (random.nextInt(3) == 0) {
        read(random.nextInt(3000));
      }
      while (!host.output.sent.isEmpty()) {
        var header = host.output.sent.poll().header();
        int seen = header.acknowledgment() + (header.window() << shift);
        // RFC 7323 §2.4: what is lost by rounding is less than a unit of the scale.
        assertThat(seen - edge).isGreaterThan(-(1 << shift));
        edge = Math.max(edge, seen);
      }
      assertThat(connection.receiver().held()).isLessThanOrEqualTo((1 << 20) + (1 << 16));
    }
  }
}
