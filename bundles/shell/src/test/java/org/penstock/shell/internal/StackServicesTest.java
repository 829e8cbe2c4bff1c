package org.penstock.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which stack a command means. */
class StackServicesTest {

  private final StackServices<String> services = StackServices.ofCore();

  private void bind(String service, String stack, int ranking, long id) {
    services.bind(
        service, Map.of("stack.name", stack, "service.ranking", ranking, "service.id", id));
  }

  @Test
  void theHighestRankingIsTheDefaultAndThenTheOldest() {
    bind("B", "b", 0, 3);
    bind("C", "c", 0, 2);
    assertThat(services.of("")).isEqualTo("C");

    bind("A", "a", 1, 9);
    assertThat(services.of("")).isEqualTo("A");
    assertThat(services.of("b")).isEqualTo("B");
    assertThat(services.names()).containsExactly("a", "c", "b");

    services.unbind("A");
    assertThat(services.of("")).isEqualTo("C");
  }

  @Test
  void anUnknownNameNamesThoseThereAre() {
    assertThatThrownBy(() -> services.of("x")).hasMessageStartingWith("there is no stack");
    bind("B", "b", 0, 1);
    bind("A", "a", 1, 2);
    assertThatThrownBy(() -> services.of("x")).hasMessage("no stack 'x': there is a, b");
  }
}
