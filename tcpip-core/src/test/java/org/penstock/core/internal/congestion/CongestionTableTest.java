package org.penstock.core.internal.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;

class CongestionTableTest {

  private record Named(String name, int words) implements CongestionControl {
    @Override
    public void start(CongestionState state, long nowNanos) {}

    @Override
    public void acknowledged(CongestionState state, AckSample sample, long nowNanos) {}

    @Override
    public void event(CongestionState state, CongestionEvent event, long nowNanos) {}
  }

  private final CongestionTable table = new CongestionTable(null);

  @Test
  void theBuiltInOneIsAlwaysThere() {
    assertThat(table.preferred()).isEqualTo(CongestionTable.BUILT_IN);
    assertThat(table.find(CongestionTable.BUILT_IN)).isSameAs(table.builtIn());
    assertThat(table.find("newreno")).isEqualTo(CongestionTable.BUILT_IN);
    assertThatThrownBy(() -> table.remove(CongestionTable.BUILT_IN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFirstOneGivenIsPreferred() {
    CongestionControl first = new Named("first", 0);
    CongestionTable with = new CongestionTable(first);
    assertThat(with.find(with.preferred())).isSameAs(first);
  }

  @Test
  void whatWasRemovedIsNoLongerFoundAlsoWhenItsPlaceIsTaken() {
    int old = table.add(new Named("old", 0));
    table.prefer(old);
    table.remove(old);
    table.remove(old);
    assertThat(table.preferred()).isEqualTo(CongestionTable.BUILT_IN);
    Set<Integer> numbers = new HashSet<>(Set.of(old));
    for (int i = 0; i < 1000; i++) {
      int number = table.add(new Named("next", 0));
      assertThat(numbers.add(number)).isTrue();
      assertThat(table.find(old)).isNull();
      assertThat(table.find(number)).isNotNull();
      table.remove(number);
    }
    assertThatThrownBy(() -> table.prefer(old)).isInstanceOf(IllegalArgumentException.class);
    assertThat(table.find("next")).isEqualTo(-1);
  }

  @Test
  void oneThatWantsTooMuchIsRefused() {
    assertThatThrownBy(() -> table.add(new Named("greedy", CongestionState.WORDS + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("greedy")
        .hasMessageContaining("16");
  }
}
