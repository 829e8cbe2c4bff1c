package org.penstock.simulator;

import static org.penstock.simulator.PacketScript.millis;
import static org.penstock.simulator.PacketScript.seconds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 §3.6 and §3.10.4: closing by halves, from both ends, and what stays behind. */
class Rfc9293CloseTest {

  private final PacketScript script = new PacketScript();

  @AfterEach
  void end() {
    script.close();
  }

  @Test
  void theHalfThatIsStillOpenGoesOn() {
    ScriptedApplication client = script.connected();
    client.release();
    script.expect("FA").seq(1).ack(1).now();
    script.inject("A").seq(1).ack(2).send();
    script.inject("PA").seq(1).ack(2).text("still here").send();
    client.expectText("still here");
    script.expect("A").seq(2).ack(11).within(millis(40));
    script.inject("FA").seq(11).ack(2).send();
    client.expectPeerReleased();
    script.expect("A").seq(2).ack(12).now();
    // TIME-WAIT answers the FIN again, and nothing else by itself.
    script.expectNothingFor(seconds(30));
    script.inject("FA").seq(11).ack(2).send();
    script.expect("A").seq(2).ack(12).now();
  }

  @Test
  void afterThePeersReleaseThereIsStillMuchToSay() {
    ScriptedApplication server = script.accepted();
    script.inject("FA").seq(1).ack(1).send();
    server.expectPeerReleased();
    script.expect("A").seq(1).ack(2).within(millis(40));
    script.expectNothingFor(seconds(3600));
    server.send("answer");
    script.expect("PA").seq(1).ack(2).text("answer").now();
    server.release();
    script.expect("FA").seq(7).ack(2).now();
    script.inject("A").seq(2).ack(8).send();
    // LAST-ACK is over: nothing is known of the connection.
    script.inject("A").seq(2).ack(8).send();
    script.expect("R").seq(8).now();
  }

  @Test
  void bothMayReleaseAtTheSameTime() {
    ScriptedApplication client = script.connected();
    client.release();
    script.expect("FA").seq(1).ack(1).now();
    script.inject("FA").seq(1).ack(1).send();
    // CLOSING: theirs is acknowledged, ours is not.
    script.expect("A").seq(2).ack(2).now();
    script.expect("FA").seq(1).ack(2).after(millis(200));
    script.inject("A").seq(2).ack(2).send();
    script.expectNothingFor(seconds(50));
  }

  @Test
  void aReleaseThatIsLostIsSentAgain() {
    ScriptedApplication client = script.connected();
    client.send("all");
    client.release();
    script.expect("PA").seq(1).text("all").now();
    script.expect("FA").seq(4).now();
    script.inject("A").seq(1).ack(4).send();
    script.expect("FA").seq(4).ack(1).within(millis(600));
    script.inject("A").seq(1).ack(5).send();
    script.expectNothingFor(seconds(30));
  }
}
