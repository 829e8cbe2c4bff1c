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
    table.remove(table.builtIn());
    assertThat(table.find("newreno")).isEqualTo(CongestionTable.BUILT_IN);
  }

  @Test
  void theFirstOneGivenIsPreferred() {
    CongestionControl first = new Named("first", 0);
    CongestionTable with = new CongestionTable(first);
    assertThat(with.find(with.preferred())).isSameAs(first);
  }

  @Test
  void whatWasRemovedIsNoLongerFoundAlsoWhenItsPlaceIsTaken() {
    CongestionControl first = new Named("old", 0);
    int old = table.add(first);
    table.prefer("old");
    assertThat(table.preferred()).isEqualTo(old);
    table.remove(first);
    table.remove(first);
    assertThat(table.preferred()).isEqualTo(CongestionTable.BUILT_IN);
    Set<Integer> numbers = new HashSet<>(Set.of(old));
    for (int i = 0; i < 1000; i++) {
      CongestionControl next = new Named("next" + i, 0);
      int number = table.add(next);
      assertThat(numbers.add(number)).isTrue();
      assertThat(table.find(old)).isNull();
      assertThat(table.find(number)).isNotNull();
      table.remove(next);
    }
    assertThat(table.find("next999")).isEqualTo(-1);
  }

  @Test
  void whatIsPreferredMayComeLater() {
    table.prefer("late");
    assertThat(table.preferred()).isEqualTo(CongestionTable.BUILT_IN);
    int late = table.add(new Named("late", 0));
    assertThat(table.preferred()).isEqualTo(late);
  }

  @Test
  void anOwnChoiceGoesBeforeWhatIsPreferredWhileItIsThere() {
    CongestionControl own = new Named("own", 0);
    int preferred = table.add(new Named("preferred", 0));
    table.prefer("preferred");
    assertThat(table.choice("own")).isEqualTo(preferred);
    int number = table.add(own);
    assertThat(table.choice("own")).isEqualTo(number);
    assertThat(table.choice("")).isEqualTo(preferred);
    table.remove(own);
    assertThat(table.choice("own")).isEqualTo(preferred);
  }

  @Test
  void everyChangeShowsInTheVersion() {
    CongestionControl some = new Named("some", 0);
    Set<Integer> versions = new HashSet<>(Set.of(table.version()));
    table.add(some);
    assertThat(versions.add(table.version())).isTrue();
    table.prefer("some");
    assertThat(versions.add(table.version())).isTrue();
    table.remove(some);
    assertThat(versions.add(table.version())).isTrue();
  }

  @Test
  void aNameIsTakenOnce() {
    table.add(new Named("some", 0));
    assertThatThrownBy(() -> table.add(new Named("some", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("some");
    assertThat(table.names()).containsExactly("newreno", "some");
  }

  @Test
  void oneThatWantsTooMuchIsRefused() {
    assertThatThrownBy(() -> table.add(new Named("greedy", CongestionState.WORDS + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("greedy")
        .hasMessageContaining("16");
  }
}
