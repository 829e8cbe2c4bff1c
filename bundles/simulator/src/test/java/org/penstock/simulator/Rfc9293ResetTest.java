package org.penstock.simulator;

import static org.penstock.simulator.PacketScript.millis;
import static org.penstock.simulator.PacketScript.seconds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.tdi.Status;

/** RFC 9293 §3.5.2 and §3.5.3: what a reset answers, and what it ends. */
class Rfc9293ResetTest {

  private final PacketScript script = new PacketScript();

  @AfterEach
  void end() {
    script.close();
  }

  @Test
  void aSynToAPortThatNobodyHasIsAnsweredByAReset() {
    script.listen(80).close();
    script.inject("S").seq(0).mss(1460).send();
    // Group 1: no ACK field, so sequence number zero, and the SYN is acknowledged.
    script.expect("RA").ack(1).length(0).now();
    script.expectNothingFor(seconds(60));
  }

  @Test
  void anAcknowledgementToAPortThatNobodyHasIsAnsweredInItsOwnNumbers() {
    script.listen(80).close();
    script.inject("A").seq(1).ack(4711).send();
    script.expect("R").seq(4711).length(0).now();
  }

  @Test
  void aResetIsNeverAnswered() {
    script.listen(80).close();
    script.inject("R").seq(1).send();
    script.inject("RA").seq(1).ack(4711).send();
    script.expectNothingFor(seconds(60));
  }

  @Test
  void aResetThatAnswersTheSynRefusesTheConnection() {
    ScriptedApplication client = script.connect(80);
    script.expect("S").seq(0).now();
    script.inject("RA").seq(0).ack(1).send();
    client.expectEnded(Status.CONNECTION_REFUSED);
    script.expectNothingFor(seconds(60));
  }

  @Test
  void aResetThatAnswersNothingDoesNotRefuseIt() {
    ScriptedApplication client = script.connect(80);
    script.expect("S").seq(0).now();
    script.inject("R").seq(0).send();
    script.inject("RA").seq(0).ack(2).send();
    client.expectAlive();
    script.expect("S").seq(0).after(seconds(1));
  }

  @Test
  void aResetInSequenceEndsTheConnectionAfterWhatCameBefore() {
    ScriptedApplication client = script.connected();
    script.inject("PA").seq(1).ack(1).text("last words").send();
    script.expect("A").seq(1).ack(11).within(millis(40));
    script.inject("R").seq(11).send();
    client.expectText("last words");
    client.expectEnded(Status.CONNECTION_RESET);
    script.expectNothingFor(seconds(60));
  }

  @Test
  void aResetElsewhereInTheWindowIsChallenged() {
    ScriptedApplication client = script.connected();
    script.inject("R").seq(2).send();
    // RFC 5961 §3.2.
    script.expect("A").seq(1).ack(1).length(0).now();
    client.expectAlive();
    // Who it was for answers from CLOSED, in sequence.
    script.inject("R").seq(1).send();
    client.expectEnded(Status.CONNECTION_RESET);
  }

  @Test
  void aResetOutsideOfTheWindowIsIgnored() {
    ScriptedApplication client = script.connected();
    script.inject("R").seq(-100).send();
    script.inject("R").seq(1 << 30).send();
    client.expectAlive();
    script.expectNothingFor(millis(500));
  }

  @Test
  void anAbortSendsAReset() {
    ScriptedApplication client = script.connected();
    client.send("not to be sent again");
    script.expect("PA").seq(1).now();
    client.abort();
    script.expect("RA").seq(21).ack(1).length(0).now();
    script.expectNothingFor(seconds(60));
  }

  @Test
  void unreadTextAtTheCloseIsAReset() {
    // RFC 9293 §3.6, RFC 2525 §2.17: the peer must learn that not all was read.
    ScriptedApplication client = script.connected();
    client.stopReading();
    script.inject("PA").seq(1).ack(1).text("read").send();
    script.inject("PA").seq(5).ack(1).text("unread").send();
    script.ignoreSent();
    client.close();
    script.expect("RA").seq(1).ack(11).now();
  }
}
