package org.penstock.concurrency.spinlock.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpinLockComponentTest {

  @Test
  void withoutConfigurationItTestsBeforeItSets() {
    assertThat(SpinLockComponent.read(Map.of()))
        .hasToString("spin-lock[test-and-test-and-set, 256 turns]");
  }

  @Test
  void takesTextAndNumbers() {
    assertThat(SpinLockComponent.read(Map.of("lock", " ticket ", "spin.turns", "0")))
        .hasToString("spin-lock[ticket, 0 turns]");
    assertThat(SpinLockComponent.read(Map.of("spin.turns", 1000)))
        .hasToString("spin-lock[test-and-test-and-set, 1000 turns]");
  }

  @ParameterizedTest
  @CsvSource({
    "lock, mcs, 'test-and-test-and-set, ticket'",
    "spin.turns, many, 0 to 1000000",
    "spin.turns, -1, 0 to 1000000"
  })
  void aWrongValueIsNamedWithWhatIsAllowed(String property, String value, String allowed) {
    assertThatThrownBy(() -> SpinLockComponent.read(Map.of(property, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "property '" + property + "' has the value '" + value + "'; allowed: " + allowed);
  }
}
