package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;
import org.penstock.core.api.StackBuilder;

/** RFC 5681 §4.2, RFC 9293 §3.8.6.3: which acknowledgements don't wait for company. */
class QuickAckTest extends TcpScript {

  private int at;

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  @Override
  void delayAcknowledgements() {
    // What is tested here.
  }

  /** A small segment, which two full ones are far away from. */
  private void next() {
    peer.segment("PA").seq(1 + at).ack(1).text(10, at).send();
    at += 10;
  }

  @Test
  void thoseOfTheFirstSegmentsLeaveAtOnceTheOthersWait() {
    connected();
    for (int i = 0; i < QuickAcks.MOST; i++) {
      next();
      peer.expect("A").ack(1 + at);
    }
    next();
    peer.expectAfter(40, "A").ack(1 + at);
    assertThat(host.count(Counter.TCP_DELAYED_ACKS)).isEqualTo(1);
  }

  @Test
  void ofAPassiveConnectionToo() {
    accepted();
    next();
    peer.expect("A").ack(1 + at);
  }

  @Test
  void anAnswerCarriesItAndSoWillTheNext() {
    connected();
    user.reaction =
        (what, of) -> {
          if (what.equals("received")) {
            of.send(MemorySegment.ofArray(new byte[] {'!'}), 0, 1, true);
          }
        };
    next();
    peer.expect("PA").ack(1 + at).text("!");
    user.reaction = (what, of) -> {};
    peer.segment("A").seq(1 + at).ack(2).send();
    next();
    peer.expectAfter(40, "A").ack(1 + at);
  }

  @Test
  void textSentLaterIsNoAnswer() {
    connected();
    next();
    peer.expect("A");
    host.runTo(host.now() + 50 * Host.MILLIS);
    send("news");
    peer.expect("PA").text("news");
    peer.segment("A").seq(1 + at).ack(5).send();
    next();
    peer.expect("A").ack(1 + at);
  }

  @Test
  void afterAPauseThePeersWindowIsSmallAgain() {
    connected();
    for (int i = 0; i < 100; i++) {
      next();
    }
    peer.ignoreSent();
    host.runTo(host.now() + 100 * Host.MILLIS);
    peer.ignoreSent();
    next();
    peer.expectAfter(40, "A");
    host.runTo(host.now() + 2 * Host.SECOND);
    next();
    peer.expect("A").ack(1 + at);
  }

  @Test
  void afterDisorderThePeerRecovers() {
    connected();
    connection.receiver().quickAcks().converse();
    next();
    peer.expectAfter(40, "A");
    peer.segment("PA").seq(1 + at + 10).ack(1).text(10, at + 10).send();
    peer.expect("A").ack(1 + at);
    next();
    at += 10;
    peer.expect("A").ack(1 + at);
    next();
    peer.expect("A").ack(1 + at);
  }

  @Test
  void afterADuplicateToo() {
    connected();
    connection.receiver().quickAcks().converse();
    next();
    peer.expectAfter(40, "A");
    at -= 10;
    next();
    peer.expect("A").ack(1 + at);
    next();
    peer.expect("A").ack(1 + at);
  }

  @Test
  void aBatchIsStillAcknowledgedOnce() {
    connected();
    for (int i = 0; i < 10; i++) {
      peer.segment("A").seq(1 + 1460 * i).ack(1).text(1460, i).deliver();
    }
    host.finish();
    peer.expect("A").ack(14_601);
    peer.expectNothing();
  }

  @Test
  void oneOfEveryTwoFullSegmentsIsAcknowledgedAtLastAsAlways() {
    connected();
    at = 0;
    int acknowledgements = 0;
    for (int i = 0; i < 100; i++) {
      peer.segment("A").seq(1 + 1460 * i).ack(1).text(1460, i).send();
      acknowledgements += host.output.sent.size();
      peer.ignoreSent();
    }
    assertThat(acknowledgements).isBetween(50, 50 + QuickAcks.MOST);
  }
}
