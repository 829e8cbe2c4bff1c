package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.CongestionEvent;

/** RFC 7661 §4.2, RFC 5681 §3.1: a window that is not used says nothing, and does not grow. */
class Rfc7661WindowValidationTest extends TcpScript {

  private int sent;

  private void flight(int segments) {
    send(segments * MSS, sent);
    sent += segments * MSS;
    assertThat(host.output.sent).hasSize(segments);
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(1 + sent).send();
  }

  private long window() {
    return connection.sender().congestion().window();
  }

  @Test
  void aConnectionThatSendsLittleKeepsTheInitialWindow() {
    connected();
    for (int round = 0; round < 100; round++) {
      flight(2);
    }
    assertThat(window()).isEqualTo(10 * MSS);
  }

  @Test
  void inSlowStartHalfIsUse() {
    // As Linux: the next flight of twice the size would be held back.
    connected();
    flight(6);
    assertThat(window()).isEqualTo(16 * MSS);
  }

  @Test
  void aPeersWindowThatLimitsDoesNotGrowOurs() {
    peer.window = 4 * MSS;
    connected();
    for (int round = 0; round < 20; round++) {
      flight(4);
    }
    assertThat(window()).isEqualTo(10 * MSS);
  }

  @Test
  void inCongestionAvoidanceOnlyAFullWindowGrows() {
    connected();
    connection.sender().congest(CongestionEvent.ECN_ECHO, host.now());
    connection.sender().congestion().state().window(4 * MSS);
    connection.sender().congestion().state().threshold(4 * MSS);
    for (int round = 0; round < 20; round++) {
      flight(3);
    }
    assertThat(window()).isEqualTo(4 * MSS);
    for (int round = 0; round < 3; round++) {
      send(20 * MSS, sent);
      int flight = host.output.sent.size();
      sent += 20 * MSS;
      while (!host.output.sent.isEmpty()) {
        int end = host.output.sent.poll().end() - peer.theirIss;
        peer.segment("A").seq(1).ack(end).send();
      }
      assertThat(flight).isPositive();
    }
    assertThat(window()).isGreaterThan(5 * MSS);
  }
}
