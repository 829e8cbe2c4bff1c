package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 9293 §3.8.6.3, RFC 5681 §4.2: when to acknowledge. */
class DelayedAckTest extends TcpScript {

  @Test
  void oneSegmentWaitsForCompany() {
    connected();
    peer.segment("PA").seq(1).ack(1).text("alone").send();
    peer.expectNothing();
    peer.expectAfter(40, "A").seq(1).ack(6);
    assertThat(host.count(Counter.TCP_DELAYED_ACKS)).isEqualTo(1);
    peer.expectNothingFor(1000);
  }

  @Test
  void everySecondFullSegmentIsAcknowledgedAtOnce() {
    connected();
    for (int i = 0; i < 10; i++) {
      peer.segment("A").seq(1 + 1460 * i).ack(1).text(1460, i).send();
      if (i % 2 == 0 && i > 0) {
        peer.expectNothing();
      } else if (i > 0) {
        peer.expect("A").ack(1 + 1460 * (i + 1));
      }
    }
    peer.expectNothing();
  }

  @Test
  void aBatchIsAcknowledgedOnce() {
    connected();
    for (int i = 0; i < 20; i++) {
      peer.segment("A").seq(1 + 1460 * i).ack(1).text(1460, i).deliver();
    }
    host.finish();
    peer.expect("A").ack(1 + 1460 * 20);
    peer.expectNothing();
    assertThat(user.told).containsExactly("connected", "received");
  }

  @Test
  void theAnswerCarriesTheAcknowledgement() {
    connected();
    user.reaction =
        (what, of) -> {
          if (what.equals("received")) {
            of.send(java.lang.foreign.MemorySegment.ofArray(new byte[] {'!'}), 0, 1, true);
          }
        };
    peer.segment("PA").seq(1).ack(1).text("question").send();
    peer.expect("PA").seq(1).ack(9).text("!");
    peer.segment("A").seq(9).ack(2).send();
    peer.expectNothingFor(1000);
  }

  @Test
  void pushDoesNotHurryTheAcknowledgementOfASmallSegment() {
    connected();
    peer.segment("PA").seq(1).ack(1).text("end of a message").send();
    peer.expectNothingFor(39);
  }

  @Test
  void finOutOfOrderAndFilledGapAreAcknowledgedAtOnce() {
    connected();
    peer.segment("A").seq(11).ack(1).text("behind").send();
    peer.expect("A").ack(1);
    peer.segment("A").seq(1).ack(1).text("0123456789").send();
    peer.expect("A").ack(17);
    peer.segment("FA").seq(17).ack(1).send();
    peer.expect("A").ack(18);
  }

  @Test
  void aDuplicateIsAcknowledgedAtOnce() {
    connected();
    peer.segment("PA").seq(1).ack(1).text("twice").send();
    peer.segment("PA").seq(1).ack(1).text("twice").send();
    peer.expect("A").ack(6);
    assertThat(host.count(Counter.TCP_DUPLICATE_DATA)).isEqualTo(1);
    assertThat(user.text()).isEqualTo("twice");
  }

  @Test
  void aSegmentThatIsPartlyOldGivesItsNewPart() {
    connected();
    peer.segment("PA").seq(1).ack(1).text("abc").send();
    peer.segment("PA").seq(2).ack(1).text("bcdef").send();
    assertThat(user.text()).isEqualTo("abcdef");
  }
}
