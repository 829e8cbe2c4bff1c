package org.penstock.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is typed behind a command. */
class OperandsTest {

  @Test
  void theOnlyOperandIsTaken() {
    assertThat(Operands.one("net:ping", "ADDRESS", new String[] {"192.0.2.2"}))
        .isEqualTo("192.0.2.2");
    assertThatThrownBy(() -> Operands.one("net:ping", "ADDRESS", new String[0]))
        .hasMessage("net:ping takes one ADDRESS, not 0; see net:ping --help");
    assertThatThrownBy(() -> Operands.one("net:ping", "ADDRESS", new String[] {"-x", "a"}))
        .hasMessageStartingWith("net:ping: unknown option '-x'");
  }

  @Test
  void numbersAreWithinBounds() {
    assertThat(Operands.number("--count", "7", 1, 9)).isEqualTo(7);
    for (String wrong : new String[] {"0", "10", "x", "", "1.5", "99999999999"}) {
      assertThatThrownBy(() -> Operands.number("--count", wrong, 1, 9))
          .hasMessage("--count '" + wrong + "' is not a whole number from 1 to 9");
    }
  }

  @Test
  void secondsMayHaveFractions() {
    assertThat(Operands.seconds("-i", "0.25")).isEqualTo(250_000_000);
    assertThat(Operands.seconds("-i", "0")).isZero();
    for (String wrong : new String[] {"-1", "a", "", "86401", "NaN"}) {
      assertThatThrownBy(() -> Operands.seconds("-i", wrong))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("'" + wrong + "'");
    }
  }
}
