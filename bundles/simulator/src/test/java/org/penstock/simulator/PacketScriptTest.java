package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.simulator.PacketScript.millis;
import static org.penstock.simulator.PacketScript.seconds;

import org.junit.jupiter.api.Test;

/** The language itself: what differs is found, and said with the conversation. */
class PacketScriptTest {

  @Test
  void aSegmentThatDiffersIsShownWithTheConversation() {
    try (PacketScript script = new PacketScript()) {
      script.connect(80);
      assertThatThrownBy(() -> script.expect("S").seq(1).window(1).now())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the segment differs: ")
          .hasMessageContaining("the conversation:")
          .hasMessageContaining("Flags [S], seq ");
    }
  }

  @Test
  void aSegmentThatDoesNotComeIsMissed() {
    try (PacketScript script = new PacketScript()) {
      script.connected();
      assertThatThrownBy(() -> script.expect("A").within(millis(100)))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("no segment was sent within 100 ms");
    }
  }

  @Test
  void timeCountsBothWays() {
    try (PacketScript script = new PacketScript()) {
      script.connect(80);
      script.expect("S").now();
      assertThatThrownBy(() -> script.expect("S").after(millis(1010)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ms before its time");
      assertThatThrownBy(() -> script.expect("S").after(millis(500)))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("no segment was sent after 500 ms");
    }
  }

  @Test
  void nothingIsNothing() {
    try (PacketScript script = new PacketScript()) {
      script.connect(80);
      assertThatThrownBy(script::expectNothing).isInstanceOf(AssertionError.class);
      script.ignoreSent();
      script.expectNothing();
      assertThatThrownBy(() -> script.expectNothingFor(seconds(2)))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("nothing was to be sent for 2000 ms");
    }
  }

  @Test
  void anExpectationThatNobodyAsksIsAMistake() {
    PacketScript script = new PacketScript();
    script.connect(80);
    script.expect("S").seq(0);
    assertThatThrownBy(() -> script.inject("SA"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("begun and not asked");
    assertThatThrownBy(script::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void flagsAreLettersThatThereAre() {
    try (PacketScript script = new PacketScript()) {
      assertThatThrownBy(() -> script.inject("SX"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'X' in 'SX'");
    }
  }
}
