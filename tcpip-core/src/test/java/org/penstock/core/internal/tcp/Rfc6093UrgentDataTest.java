package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 9293 §3.8.5 and RFC 6093: urgent data, in line. */
class Rfc6093UrgentDataTest extends TcpScript {

  private void sendUrgent(String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    host.inside(() -> connection.sendUrgent(MemorySegment.ofArray(bytes), 0, bytes.length));
  }

  // ---- receiving ----

  @Test
  void itIsDeliveredInLine() {
    connected();
    peer.segment("UPA").seq(1).ack(1).urgent(3).text("abcdef").send();
    peer.segment("UA").seq(7).ack(1).urgent(65_535).text("g").send();
    peer.segment("UA").seq(8).ack(1).urgent(0).send();
    assertThat(user.text()).isEqualTo("abcdefg");
  }

  @Test
  void theUserLearnsOfItAndWhereItEnds() {
    connected();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text("before").send();
    assertThat(connection.urgent()).isZero();
    peer.segment("UPA").seq(7).ack(1).urgent(3).text("nowafter").send();
    assertThat(user.told).containsExactly("connected", "received", "urgent 9", "received");
    assertThat(connection.urgent()).isEqualTo(9);
    MemorySegment target = MemorySegment.ofArray(new byte[8]);
    host.inside(() -> connection.receive(target, 0, 8));
    assertThat(connection.urgent()).isEqualTo(1);
    host.inside(() -> connection.receive(target, 0, 1));
    assertThat(connection.urgent()).isZero();
    assertThat(connection.available()).isEqualTo(5);
  }

  @Test
  void onceForTheSamePointerAndAgainWhenItAdvances() {
    connected();
    user.reading = false;
    peer.segment("UA").seq(1).ack(1).urgent(10).text("abc").send();
    peer.segment("UA").seq(4).ack(1).urgent(7).text("def").send();
    assertThat(user.told)
        .filteredOn(what -> what.startsWith("urgent"))
        .containsExactly("urgent 10");
    peer.segment("UA").seq(7).ack(1).urgent(8).text("ghi").send();
    assertThat(user.told)
        .filteredOn(what -> what.startsWith("urgent"))
        .containsExactly("urgent 10", "urgent 14");
  }

  @Test
  void aPointerIntoWhatWasReadSaysNothing() {
    connected();
    peer.segment("PA").seq(1).ack(1).text("abcdef").send();
    peer.segment("UA").seq(7).ack(1).urgent(0).send();
    peer.segment("UPA").seq(1).ack(1).urgent(3).text("abcdef").send();
    assertThat(user.told).noneMatch(what -> what.startsWith("urgent"));
  }

  @Test
  void withoutTheBitThePointerMeansNothing() {
    connected();
    peer.segment("PA").seq(1).ack(1).urgent(3).text("abcdef").send();
    assertThat(user.told).noneMatch(what -> what.startsWith("urgent"));
  }

  @Test
  void itIsHeardThroughAClosedWindow() {
    // RFC 9293 §3.8.6.1 (MUST-66).
    connected();
    user.reading = false;
    for (int at = 0; at < 65_535; at += 1460) {
      peer.segment("A").seq(1 + at).ack(1).text(Math.min(1460, 65_535 - at), at).send();
    }
    assertThat(connection.receiver().window()).isZero();
    peer.segment("UA").seq(65_536).ack(1).urgent(5).send();
    assertThat(connection.urgent()).isEqualTo(65_540);
    assertThat(user.told).endsWith("urgent 65540");
  }

  @Test
  void anOldPointerIsForgottenHoweverMuchIsRead() {
    connected();
    peer.segment("UPA").seq(1).ack(1).urgent(3).text("abc").send();
    assertThat(connection.receiver().urgentBytes()).isZero();
    UrgentData data = new UrgentData();
    assertThat(data.extend(10, 0)).isTrue();
    data.advance(10);
    assertThat(data.from(Integer.MIN_VALUE)).isZero();
    assertThat(data.extend(Integer.MIN_VALUE + 20, Integer.MIN_VALUE + 10)).isTrue();
  }

  // ---- sending ----

  @Test
  void thePointerNamesTheByteBehindIt() {
    connected();
    sendUrgent("now");
    peer.expect("UPA").seq(1).text("now").urgent(3);
    send("later");
    // Until it is acknowledged Nagle's algorithm does not hold anything back.
    peer.expect("PA").seq(4).text("later").urgent(0);
    peer.segment("A").seq(1).ack(9).send();
    send("x");
    peer.expect("PA").urgent(0);
  }

  @Test
  void whatIsInFrontOfItIsHurriedToo() {
    connected();
    send(4000, 0);
    peer.expect("A").seq(1).urgent(0);
    peer.expect("A").seq(1461).urgent(0);
    peer.expect("PA").seq(2921).urgent(0);
    sendUrgent("!");
    peer.expect("UPA").seq(4001).text("!").urgent(1);
    peer.expectAfter(200, "UA").seq(1).length(1460).urgent(4001);
  }

  @Test
  void aClosedWindowDoesNotKeepItSecret() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).win(0).send();
    peer.expect("A");
    sendUrgent("help");
    peer.expect("UA").seq(1).length(0).urgent(4);
    peer.segment("A").seq(1).ack(1).win(1000).send();
    peer.expect("UPA").seq(1).text("help").urgent(4);
  }

  @Test
  void farAwayItIsToldAsFarAsTheFieldGoes() {
    host = new Host("192.0.2.1", builder().buffers(1 << 20, 1 << 20));
    peer = new Peer(host, 1024, 80);
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).win(2920).send();
    peer.expect("A");
    host.inside(() -> {
      connection.send(MemorySegment.ofArray(Peer.pattern(100_000, 0)), 0, 100_000, true);
      connection.sendUrgent(MemorySegment.ofArray(new byte[] {1}), 0, 1);
    });
    peer.expect("UA").seq(1).urgent(65_535);
    peer.expect("UA").seq(1461).urgent(65_535);
    peer.segment("A").seq(1).ack(2921).win(1000).send();
    int at = 2921;
    while (at < 100_002) {
      FakeOutput.Sent sent = host.output.sent.poll();
      assertThat(sent.header().urgentPointer()).isEqualTo(Math.min(65_535, 100_002 - at));
      at += sent.text().length;
      peer.segment("A").seq(1).ack(at).win(1000).send();
    }
    assertThat(connection.sender().urgent().isPending()).isFalse();
  }

  @Test
  void noSuperSegmentCarriesAPointer() {
    connected();
    host.output.segmentation = 65_535;
    host.inside(() -> connection.sendUrgent(MemorySegment.ofArray(Peer.pattern(4000, 0)), 0, 4000));
    peer.expect("UA").seq(1).length(1460).gso(0).urgent(4000);
    peer.expect("UA").seq(1461).length(1460).gso(0).urgent(2540);
    peer.expect("UPA").seq(2921).length(1080).gso(0).urgent(1080);
  }
}
