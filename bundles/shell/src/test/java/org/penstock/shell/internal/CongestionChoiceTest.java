package org.penstock.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.shell.internal.view.CongestionReport;

/** Which congestion control a stack without a configuration uses, from the shell. */
class CongestionChoiceTest {

  private record Named(String name) implements CongestionControl {
    @Override
    public int words() {
      return 0;
    }

    @Override
    public void start(CongestionState state, long nowNanos) {}

    @Override
    public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {}

    @Override
    public void event(CongestionState state, CongestionEvent event, long nowNanos) {}
  }

  private final Stack stack =
      new StackBuilder("a").congestionControls(List.of(new Named("other"))).build();
  private final CongestionChoice choice = new CongestionChoice(new StackConfiguration(null));

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void theStackUsesWhatItIsTold() {
    assertThat(stack.congestion().current()).isEqualTo("other");
    choice.use(stack, "newreno");
    assertThat(stack.congestion().current()).isEqualTo("newreno");
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatAreThere() {
    assertThatThrownBy(() -> choice.use(stack, "vegas"))
        .isInstanceOf(CommandException.class)
        .hasMessage("no congestion control 'vegas': there is newreno, other");
    assertThat(stack.congestion().current()).isEqualTo("other");
  }

  @Test
  void aConnectionIsNamedByBothAddresses() {
    assertThatThrownBy(() -> choice.use(stack, "newreno", "192.0.2.1:80"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("192.0.2.1:1024-192.0.2.2:80");
    assertThatThrownBy(() -> choice.use(stack, "newreno", "192.0.2.1:80-192.0.2.2"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'192.0.2.2' is not an address and port");
  }

  @Test
  void theReportListsAlgorithmsAndMarksTheStacksOwn() {
    CongestionReport report =
        new CongestionReport(
            "a",
            "other",
            List.of(
                new CongestionReport.Algorithm("newreno", false, 0),
                new CongestionReport.Algorithm("other", true, 3)),
            List.of());
    assertThat(report.text().lines().map(String::strip))
        .containsExactly(
            "ALGORITHM  STACK    CONNECTIONS",
            "newreno    -                  0",
            "other      uses it            3");
  }
}
