package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandshakeTest extends TcpScript {

  @Test
  void activeOpenTransfersAndCloses() {
    connected();
    assertThat(state()).isEqualTo("ESTABLISHED");
    assertThat(user.told).containsExactly("connected");
    send("hello");
    peer.expect("PA").seq(1).ack(1).text("hello");
    peer.segment("PA").seq(1).ack(6).text("world").send();
    assertThat(user.text()).isEqualTo("world");
    release();
    peer.expect("FA").seq(6).ack(6);
    peer.segment("A").seq(6).ack(7).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    peer.segment("FA").seq(6).ack(7).send();
    peer.expect("A").seq(7).ack(7);
    assertThat(state()).isEqualTo("TIME-WAIT");
    assertThat(user.told)
        .containsExactly("connected", "received", "releaseAcknowledged", "released", "closed");
    host.runTo(host.now() + 61 * Host.SECOND);
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @Test
  void passiveOpenTransfersAndCloses() {
    accepted();
    peer.segment("PA").seq(1).ack(1).text("GET").send();
    assertThat(user.text()).isEqualTo("GET");
    send("body");
    peer.expect("PA").seq(1).ack(4).text("body");
    peer.segment("FA").seq(4).ack(5).send();
    peer.expect("A").seq(5).ack(5);
    assertThat(state()).isEqualTo("CLOSE-WAIT");
    release();
    peer.expect("FA").seq(5).ack(5);
    assertThat(state()).isEqualTo("LAST-ACK");
    peer.segment("A").seq(5).ack(6).send();
    assertThat(user.told).containsExactly("received", "released", "releaseAcknowledged", "closed");
    host.assertClean();
    assertThat(host.portReferences(80)).isEqualTo(1);
  }
}
