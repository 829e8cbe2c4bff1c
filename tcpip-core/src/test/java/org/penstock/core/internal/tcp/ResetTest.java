package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/** RFC 9293 §3.10.7: a reset in every state, and those that we send by abort (§3.10.5). */
class ResetTest extends TcpScript {

  private void resetEndsItWith(String told, int sequence, int acknowledgment) {
    peer.ignoreSent();
    peer.segment("RA").seq(sequence).ack(acknowledgment).send();
    peer.expectNothing();
    assertThat(state()).isEqualTo("CLOSED");
    assertThat(user.told).endsWith(told);
    host.assertClean();
    assertThat(host.count(Counter.TCP_IN_RESETS)).isEqualTo(1);
  }

  @Test
  void inListen() {
    listening(1);
    peer.segment("R").send();
    peer.expectNothing();
    synReceived();
  }

  @Test
  void inSynSent() {
    connecting();
    resetEndsItWith("failed CONNECTION_REFUSED", 0, 1);
  }

  @Test
  void inSynReceivedOfAPassiveOpenReturnsToListen() {
    listening(1);
    synReceived();
    peer.segment("R").seq(1).send();
    peer.expectNothing();
    host.assertClean();
    assertThat(acceptor.connections).isEmpty();
    synReceived();
  }

  @Test
  void inSynReceivedOfASimultaneousOpen() {
    connecting();
    peer.segment("S").send();
    resetEndsItWith("failed CONNECTION_REFUSED", 1, 1);
  }

  @Test
  void inEstablished() {
    connected();
    resetEndsItWith("failed CONNECTION_RESET", 1, 1);
    assertThat(host.count(Counter.TCP_ESTABLISHED_RESETS)).isEqualTo(1);
  }

  @Test
  void inFinWait1() {
    connected();
    release();
    assertThat(state()).isEqualTo("FIN-WAIT-1");
    resetEndsItWith("failed CONNECTION_RESET", 1, 1);
  }

  @Test
  void inFinWait2() {
    connected();
    release();
    peer.segment("A").seq(1).ack(2).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    resetEndsItWith("failed CONNECTION_RESET", 1, 2);
  }

  @Test
  void inCloseWait() {
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    assertThat(state()).isEqualTo("CLOSE-WAIT");
    resetEndsItWith("failed CONNECTION_RESET", 2, 1);
  }

  @Test
  void inClosing() {
    connected();
    release();
    peer.segment("FA").seq(1).ack(1).send();
    assertThat(state()).isEqualTo("CLOSING");
    resetEndsItWith("failed CONNECTION_RESET", 2, 1);
  }

  @Test
  void inLastAck() {
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    release();
    assertThat(state()).isEqualTo("LAST-ACK");
    resetEndsItWith("failed CONNECTION_RESET", 2, 1);
  }

  @Test
  void dataBeforeAResetIsNotLost() {
    // PITFALLS 8.
    connected();
    user.reading = false;
    user.reaction =
        (what, of) -> {
          if (what.startsWith("failed")) {
            user.readAll(of);
          }
        };
    peer.segment("PA").seq(1).ack(1).text("last words").deliver();
    peer.segment("R").seq(11).deliver();
    host.finish();
    assertThat(user.told).containsExactly("connected", "received", "failed CONNECTION_RESET");
    assertThat(user.text()).isEqualTo("last words");
    host.assertClean();
  }

  @Test
  void abortResets() {
    connected();
    send("unsent is lost");
    peer.ignoreSent();
    host.inside(connection::abort);
    peer.expect("RA").seq(15).ack(1);
    host.assertClean();
    assertThat(user.told).containsExactly("connected");
    peer.segment("A").seq(1).ack(15).send();
    peer.expect("R").seq(15);
  }

  @Test
  void abortInSynSentSendsNothing() {
    connecting();
    host.inside(connection::abort);
    peer.expectNothing();
    host.assertClean();
  }

  @Test
  void abortInLastAckSendsNothing() {
    connected();
    peer.segment("FA").seq(1).ack(1).send();
    release();
    peer.ignoreSent();
    host.inside(connection::abort);
    peer.expectNothing();
    host.assertClean();
  }

  @Test
  void aResetIsNeverAnsweredByAnything() {
    // PITFALLS 2.
    connected();
    for (int sequence = -100; sequence < 70_000; sequence += 50) {
      if (sequence != 1 && sequence < 1 || sequence > 65_600) {
        peer.segment("R").seq(sequence).send();
      }
    }
    peer.expectNothing();
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void aResetMayCarryText() {
    // RFC 9293 §3.5.3 (SHLD-2).
    connected();
    peer.segment("RA").seq(1).ack(1).text("why").send();
    peer.expectNothing();
    assertThat(user.told).endsWith("failed CONNECTION_RESET");
    assertThat(user.text()).isEmpty();
    host.assertClean();
  }
}
