package org.penstock.concurrency.striped.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripedComponentTest {

  @Test
  void takesTextAndNumbers() {
    assertThat(StripedComponent.read(Map.of())).hasToString("striped[by processors]");
    assertThat(StripedComponent.read(Map.of("partitions", " 8 "))).hasToString("striped[8]");
    assertThat(StripedComponent.read(Map.of("partitions", 16))).hasToString("striped[16]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "-1", "2048", "many"})
  void aWrongValueIsNamedWithWhatIsAllowed(String value) {
    assertThatThrownBy(() -> StripedComponent.read(Map.of("partitions", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "property 'partitions' has the value '" + value + "'; allowed: a power of two");
  }
}
