package org.penstock.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is at work where the link decides. */
class ElectionTest {

  private static final long FAILBACK = 5_000;

  private record Driver(int ranking, boolean isUp, long upSince) implements Election.Member {}

  private final Driver best = new Driver(2, true, 0);
  private final Driver bestWithoutLink = new Driver(2, false, 0);
  private final Driver second = new Driver(1, true, 0);
  private final Driver secondWithoutLink = new Driver(1, false, 0);

  private static @Nullable Driver choose(@Nullable Driver active, long now, Driver... members) {
    return Election.byLink(List.of(members), active, FAILBACK, now);
  }

  @Test
  void theBestWithALinkBegins() {
    assertThat(choose(null, 0, best, second)).isSameAs(best);
    assertThat(choose(null, 0, bestWithoutLink, second)).isSameAs(second);
    assertThat(choose(null, 0, bestWithoutLink, secondWithoutLink)).isSameAs(bestWithoutLink);
    assertThat(choose(null, 0)).isNull();
  }

  @Test
  void whoLosesItsLinkIsReplacedAtOnceAlsoByOneThatHasJustGotIts() {
    Driver fresh = new Driver(1, true, 999);
    assertThat(choose(bestWithoutLink, 1_000, bestWithoutLink, fresh)).isSameAs(fresh);
    assertThat(choose(bestWithoutLink, 1_000, bestWithoutLink, secondWithoutLink))
        .isSameAs(bestWithoutLink);
  }

  @Test
  void aBetterOneTakesBackWhenItsLinkHasStayed() {
    Driver back = new Driver(2, true, 1_000);
    assertThat(choose(second, 5_999, back, second)).isSameAs(second);
    assertThat(choose(second, 6_000, back, second)).isSameAs(back);
  }

  @Test
  void whoRanksTheSameTakesNothingBack() {
    Driver other = new Driver(1, true, 100);
    assertThat(choose(second, 1_000_000, other, second)).isSameAs(second);
  }

  @Test
  void whoIsNotAttachedAnyMoreIsNotAtWork() {
    assertThat(choose(best, 1_000, second)).isSameAs(second);
    assertThat(choose(best, 1_000, secondWithoutLink)).isSameAs(secondWithoutLink);
  }
}
