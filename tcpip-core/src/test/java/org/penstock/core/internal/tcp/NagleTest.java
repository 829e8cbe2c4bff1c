package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpSettings;

/** RFC 9293 §3.7.4: small segments, with Minshall's amendment. */
class NagleTest extends TcpScript {

  @Test
  void aSmallSegmentWaitsForTheAcknowledgementOfASmallOne() {
    connected();
    send("a");
    peer.expect("PA").text("a");
    send("b");
    send("c");
    peer.expectNothing();
    peer.segment("A").seq(1).ack(2).send();
    peer.expect("PA").seq(2).text("bc");
  }

  @Test
  void aFullSegmentDoesNotWait() {
    connected();
    send("a");
    peer.expect("PA");
    send(1460, 0);
    peer.expect("PA").seq(2).length(1460);
    send(10, 0);
    peer.expectNothing();
  }

  @Test
  void theTailOfALargeWriteDoesNotWait() {
    connected();
    send(3000, 0);
    peer.expect("A").length(1460);
    peer.expect("A").length(1460);
    peer.expect("PA").length(80);
    send(80, 0);
    peer.expectNothing();
  }

  @Test
  void withNoDelayNothingWaits() {
    settings = TcpSettings.DEFAULT.withNoDelay(true);
    connected();
    for (int i = 0; i < 5; i++) {
      send("x");
      peer.expect("PA").seq(1 + i).text("x");
    }
  }

  @Test
  void switchedOffLaterItLetsGoWhatWaits() {
    connected();
    send("a");
    peer.expect("PA");
    send("b");
    peer.expectNothing();
    host.inside(() -> connection.settings(TcpSettings.DEFAULT.withNoDelay(true)));
    peer.expect("PA").text("b");
  }

  @Test
  void severalWritesOfOneOccupationMakeOneSegment() {
    connected();
    host.inside(() -> {
      for (byte b = 'a'; b < 'f'; b++) {
        connection.send(MemorySegment.ofArray(new byte[] {b}), 0, 1, true);
      }
    });
    peer.expect("PA").text("abcde");
    peer.expectNothing();
  }

  @Test
  void whatIsNotPushedWaitsForMoreButNotForEver() {
    connected();
    host.inside(() -> connection.send(MemorySegment.ofArray(new byte[10]), 0, 10, false));
    peer.expectNothing();
    peer.expectAfter(200, "PA").seq(1).length(10);
    host.inside(() -> connection.send(MemorySegment.ofArray(new byte[10]), 0, 10, false));
    host.inside(() -> connection.send(MemorySegment.ofArray(new byte[1450]), 0, 1450, false));
    peer.expect("PA").seq(11).length(1460);
    assertThat(connection.queued()).isEqualTo(1470);
  }

  @Test
  void releaseSendsWhatWaits() {
    connected();
    send("a");
    peer.expect("PA");
    send("b");
    peer.expectNothing();
    release();
    peer.expect("FPA").seq(2).text("b");
  }
}
