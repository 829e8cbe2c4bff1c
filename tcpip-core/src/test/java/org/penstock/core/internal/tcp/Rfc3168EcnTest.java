package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.penstock.api.view.Counter;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.StackBuilder;

/** RFC 3168: explicit congestion notification. PITFALLS 7: a SYN with ECN bits. */
class Rfc3168EcnTest extends TcpScript {

  private static final int CE = 3;

  private void use(EcnUse use) {
    StackBuilder builder = new StackBuilder("test").buffers(65_535, 65_535).ecn(use);
    host = new Host("192.0.2.1", builder);
    peer = new Peer(host, 1024, 80);
  }

  /** Opened by us, and granted. */
  private void capable() {
    use(EcnUse.ON);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SEW").seq(0).ecn(0);
    peer.segment("SAE").ack(1).mss(MSS).send();
    peer.expect("A").seq(1).ack(1).length(0).ecn(0);
  }

  private void flying() {
    capable();
    send(30 * MSS, 0);
    for (int i = 0; i < 10; i++) {
      peer.expect("A").seq(at(i)).ecn(2);
    }
    peer.expectNothing();
  }

  /** What is acknowledged, at once or by the timer, up to there, by segments with these flags. */
  private void acknowledgements(String flags, int last) {
    host.runTo(host.now() + 100 * Host.MILLIS);
    int acknowledged = 0;
    while (!host.output.sent.isEmpty()) {
      acknowledged = peer.expect(flags).ecn(0).sent.header().acknowledgment() - peer.iss;
    }
    assertThat(acknowledged).isEqualTo(last);
  }

  private static int at(int segment) {
    return 1 + segment * MSS;
  }

  private long window() {
    return connection.sender().congestion().window();
  }

  // ---- §6.1.1: the handshake ----

  @Test
  void aSynAsksWithBothBitsAndTheAnswerGrantsWithOne() {
    capable();
    send(100, 0);
    peer.expect("PA").ecn(2);
    assertThat(host.count(Counter.TCP_OUT_ECT)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"SA", "SAEW", "SAW"})
  void anAnswerThatDoesNotGrantLeavesItOff(String flags) {
    // §6.1.1: one with both bits comes from somebody who copies what he does not know.
    use(EcnUse.ON);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SEW");
    peer.segment(flags).ack(1).mss(MSS).send();
    peer.expect("A");
    send(100, 0);
    peer.expect("PA").ecn(0);
    peer.segment("A").seq(1).ack(101).text(10).ecn(CE).send();
    acknowledgements("A", 11);
  }

  @Test
  void bySettingOfTheStackASynDoesNotAsk() {
    for (EcnUse use : new EcnUse[] {EcnUse.OFF, EcnUse.PASSIVE}) {
      use(use);
      connecting();
      // A grant that nobody asked for.
      peer.segment("SAE").ack(1).mss(MSS).send();
      peer.expect("A");
      send(100, 0);
      peer.expect("PA").ecn(0);
    }
  }

  @ParameterizedTest
  @EnumSource(EcnUse.class)
  void aSynWithEcnBitsIsAnsweredProperly(EcnUse use) {
    use(use);
    listening(8);
    peer.segment("SEW").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect(use == EcnUse.OFF ? "SA" : "SAE").seq(0).ack(1).ecn(0);
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send(100, 0);
    peer.expect("PA").ecn(use == EcnUse.OFF ? 0 : 2);
  }

  @ParameterizedTest
  @CsvSource({"SE", "SW", "S"})
  void aSynWithoutBothBitsDoesNotAsk(String flags) {
    use(EcnUse.ON);
    listening(8);
    peer.segment(flags).mss(MSS).send();
    peer.expect("SA").ecn(0);
  }

  @Test
  void aSynThatIsLostIsSentAgainWithoutTheBits() {
    // §6.1.1.1: somebody on the way may have dropped it for them.
    use(EcnUse.ON);
    connection = host.connect(1024, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SEW");
    peer.expectAfter(1000, "S").seq(0);
    // The answer to the first one grants: marks are echoed, but we send nothing as ECT.
    peer.segment("SAE").ack(1).mss(MSS).send();
    peer.expect("A");
    send(100, 0);
    peer.expect("PA").ecn(0);
    peer.segment("A").seq(1).ack(101).text(10).ecn(CE).send();
    peer.expect("AE");
  }

  @Test
  void aSynThatComesAgainWithoutTheBitsTakesTheQuestionBack() {
    use(EcnUse.PASSIVE);
    listening(8);
    peer.segment("SEW").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SAE");
    peer.segment("S").mss(MSS).send();
    peer.expect("SA");
    peer.segment("SEW").mss(MSS).send();
    peer.expect("SA");
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send(100, 0);
    peer.expect("PA").ecn(0);
  }

  @Test
  void aSynAckThatIsSentAgainStillGrants() {
    use(EcnUse.PASSIVE);
    listening(8);
    peer.segment("SEW").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SAE");
    peer.expectAfter(1000, "SAE");
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    send(100, 0);
    peer.expect("PA").ecn(2);
  }

  // ---- §6.1.3: the receiver ----

  @Test
  void aMarkIsEchoedByEveryAcknowledgementUntilCwr() {
    capable();
    peer.segment("A").seq(1).ack(1).text(1000, 0).ecn(CE).send();
    // At once: the sender's window may be small.
    peer.expect("AE").ack(1001);
    peer.segment("A").seq(1001).ack(1).text(1000, 1000).ecn(2).send();
    peer.segment("A").seq(2001).ack(1).text(1000, 2000).ecn(2).send();
    acknowledgements("AE", 3001);
    send(100, 0);
    peer.expect("PAE").ecn(2);
    peer.segment("AW").seq(3001).ack(101).text(1000, 3000).ecn(2).send();
    peer.segment("A").seq(4001).ack(101).text(1000, 4000).ecn(2).send();
    acknowledgements("A", 5001);
    assertThat(host.count(Counter.TCP_IN_CE)).isEqualTo(1);
  }

  @Test
  void aMarkOnTheVerySegmentWithCwrIsANewOne() {
    capable();
    peer.segment("A").seq(1).ack(1).text(1000, 0).ecn(CE).send();
    acknowledgements("AE", 1001);
    peer.segment("AW").seq(1001).ack(1).text(1000, 1000).ecn(CE).send();
    acknowledgements("AE", 2001);
  }

  @Test
  void marksOutsideOfTheWindowAndOnAcknowledgementsAreIgnored() {
    // §6.1.5: they may be forged, and were not sent as ECT.
    capable();
    peer.segment("A").seq(1).ack(1).text(1000, 0).send();
    acknowledgements("A", 1001);
    peer.segment("A").seq(1).ack(1).text(1000, 0).ecn(CE).send();
    acknowledgements("A", 1001);
    peer.segment("A").seq(1001).ack(1).ecn(CE).send();
    peer.segment("A").seq(1001).ack(1).text(10).send();
    acknowledgements("A", 1011);
    assertThat(host.count(Counter.TCP_IN_CE)).isZero();
  }

  // ---- §6.1.2: the sender ----

  @Test
  void anEchoReducesTheWindowOnceAndTheNextNewTextSaysSo() {
    flying();
    peer.segment("AE").seq(1).ack(at(1)).send();
    assertThat(window()).isEqualTo(5 * MSS);
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(5 * MSS);
    peer.expectNothing();
    for (int i = 2; i <= 5; i++) {
      peer.segment("AE").seq(1).ack(at(i)).send();
    }
    assertThat(window()).isEqualTo(5 * MSS);
    assertThat(host.count(Counter.TCP_ECN_REDUCTIONS)).isEqualTo(1);
    peer.expectNothing();
    peer.segment("AE").seq(1).ack(at(6)).send();
    peer.expect("AW").seq(at(10)).ecn(2);
    peer.segment("AE").seq(1).ack(at(7)).send();
    peer.expect("A").seq(at(11)).ecn(2);
    assertThat(host.count(Counter.TCP_IN_ECE)).isEqualTo(7);
  }

  @Test
  void anEchoOfTheNextWindowReducesAgain() {
    flying();
    peer.segment("AE").seq(1).ack(at(6)).send();
    peer.expect("AW").seq(at(10));
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(at(10)).send();
    peer.ignoreSent();
    long window = window();
    peer.segment("AE").seq(1).ack(at(11)).send();
    assertThat(window()).isLessThan(window);
    assertThat(host.count(Counter.TCP_ECN_REDUCTIONS)).isEqualTo(2);
  }

  @Test
  void afterALossTheNextNewTextSaysSoAndAnEchoReducesNoMore() {
    flying();
    for (int i = 0; i < 3; i++) {
      peer.segment("A").seq(1).ack(1).send();
    }
    peer.ignoreSent();
    long threshold = connection.sender().congestion().state().threshold();
    peer.segment("AE").seq(1).ack(at(12)).send();
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(threshold);
    assertThat(host.count(Counter.TCP_ECN_REDUCTIONS)).isZero();
    peer.expect("AW").seq(at(12));
    peer.expect("A").seq(at(13));
  }

  @Test
  void whatIsSentAgainIsNotEct() {
    // §6.1.5.
    flying();
    for (int i = 0; i < 3; i++) {
      peer.segment("A").seq(1).ack(1).send();
    }
    peer.expect("A").seq(at(10)).ecn(2);
    peer.expect("A").seq(at(11)).ecn(2);
    peer.expect("A").seq(at(0)).ecn(0);
  }

  @Test
  void aWindowProbeIsNotEct() {
    // §6.1.6.
    capable();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(100, 0);
    peer.expectNothing();
    host.runTo(host.now() + 2 * Host.SECOND);
    peer.expect("A").seq(1).length(1).ecn(0);
  }

  @Test
  void aSuperSegmentDoesNotCarryCwr() {
    // The device would put it on each segment that it cuts.
    capable();
    host.output.segmentation = 65_536;
    send(40 * MSS, 0);
    peer.expect("A").seq(1).length(10 * MSS).gso(MSS).ecn(2);
    peer.segment("AE").seq(1).ack(at(10)).send();
    peer.expect("AW").seq(at(10)).length(MSS).gso(0).ecn(2);
    peer.expect("A").seq(at(11)).length(4 * MSS).gso(MSS).ecn(2);
  }

  @Test
  void anEchoOfNobodyWhoWasGrantedItIsIgnored() {
    connected();
    send(10 * MSS, 0);
    peer.ignoreSent();
    long window = window();
    peer.segment("AE").seq(1).ack(at(5)).send();
    assertThat(window()).isGreaterThanOrEqualTo(window);
    assertThat(host.count(Counter.TCP_IN_ECE)).isZero();
  }

  // ---- §6.1.2: at a window of one segment ----

  /**
   * ECN-capable, a window of one segment because the SYN,ACK was lost, and five wait to be sent.
   */
  private void atOneSegment() {
    use(EcnUse.PASSIVE);
    listening(8);
    peer.segment("SEW").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SAE");
    peer.expectAfter(1000, "SAE");
    host.runTo(host.now() + 20 * Host.MILLIS);
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    assertThat(window()).isEqualTo(MSS);
    send(5 * MSS, 0);
    peer.expect("A").seq(at(0)).length(MSS).ecn(2);
    peer.expectNothing();
  }

  private long timeout() {
    return connection.sender().rtt().timeout() / Host.MILLIS;
  }

  @Test
  void atOneSegmentAnEchoStopsSendingForATimeout() {
    atOneSegment();
    host.runTo(host.now() + 20 * Host.MILLIS);
    peer.segment("AE").seq(1).ack(at(1)).send();
    assertThat(window()).isEqualTo(MSS);
    peer.expectAfter(timeout(), "AW").seq(at(1)).length(MSS).ecn(2);
    peer.expectNothing();
    // Marked again: one segment each timeout, not more.
    host.runTo(host.now() + 20 * Host.MILLIS);
    peer.segment("AE").seq(1).ack(at(2)).send();
    peer.expectAfter(timeout(), "AW").seq(at(2)).length(MSS);
    peer.expectNothing();
    assertThat(host.count(Counter.TCP_ECN_REDUCTIONS)).isEqualTo(2);
    // No loss, and nothing was taken for one.
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isZero();
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isEqualTo(1);
    // The marks have ended: slow start goes on at once.
    peer.segment("A").seq(1).ack(at(3)).send();
    peer.expect("A").seq(at(3)).ecn(2);
    peer.expect("PA").seq(at(4)).ecn(2);
  }

  @Test
  void withoutAnEchoNothingStopsThere() {
    atOneSegment();
    host.runTo(host.now() + 20 * Host.MILLIS);
    peer.segment("A").seq(1).ack(at(1)).send();
    peer.expect("A").seq(at(1));
    peer.expect("A").seq(at(2));
  }

  @Test
  void aLargerWindowIsHalvedAndDoesNotStop() {
    flying();
    peer.segment("AE").seq(1).ack(at(1)).send();
    peer.segment("AE").seq(1).ack(at(6)).send();
    peer.expect("AW").seq(at(10));
  }

  @Test
  void whatComesDuringThePauseWaitsForItsEnd() {
    atOneSegment();
    host.runTo(host.now() + 20 * Host.MILLIS);
    peer.segment("AE").seq(1).ack(at(1)).send();
    host.runTo(host.now() + 50 * Host.MILLIS);
    send(10, 0);
    release();
    peer.expectNothing();
    // What the peer sends is acknowledged meanwhile.
    peer.segment("A").seq(1).ack(at(1)).text(2 * MSS, 0).send();
    peer.segment("A").seq(1 + 2 * MSS).ack(at(1)).text(2 * MSS, 0).send();
    host.runTo(host.now() + 60 * Host.MILLIS);
    assertThat(host.output.sent).isNotEmpty().allMatch(each -> each.text().length == 0);
    peer.ignoreSent();
    peer.expectAfter(timeout() - 110, "AW").seq(at(1)).length(MSS);
  }

  @Test
  void theWindowIsHalvedDownToOneSegment() {
    flying();
    int acknowledged = 0;
    for (int i = 0; i < 6; i++) {
      acknowledged = (connection.sender().next() - peer.theirIss - 1) / MSS;
      peer.segment("AE").seq(1).ack(at(acknowledged)).send();
      host.runTo(host.now() + 5 * Host.SECOND);
      peer.ignoreSent();
    }
    assertThat(window()).isEqualTo(MSS);
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(2 * MSS);
  }
}
