package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import org.penstock.core.api.CongestionControls;
import org.penstock.simulator.Change.Kind;

/** Draws what is replaced at the hosts of a scenario, and when. */
final class ChangeDraw {

  private static final int MOST_CHANGES = 16;
  private static final long MOST_FRAMES_BETWEEN = 200;
  private static final long MICRO = 1_000L;
  private static final long SECOND = 1_000_000_000L;

  private final Chance chance;
  private final List<String> strategies;

  ChangeDraw(Chance chance, List<String> strategies) {
    this.chance = chance;
    this.strategies = strategies;
  }

  List<Change> draw(List<HostPlan> hosts) {
    List<Change> changes = new ArrayList<>();
    for (int host = 0; host < hosts.size(); host++) {
      int spares = hosts.get(host).spares().size();
      int driver = 0;
      int count = 1 + chance.below(MOST_CHANGES);
      long at = 0;
      for (int i = 0; i < count; i++) {
        at += (long) chance.logarithmic(1, MOST_FRAMES_BETWEEN);
        if (spares > 0 && chance.oneIn(3)) {
          int next = chance.below(spares + 1);
          changes.add(driver(host, at, driver, next));
          driver = next;
        } else {
          changes.add(change(host, at));
        }
      }
    }
    return changes;
  }

  private Change change(int host, long at) {
    return switch (chance.below(8)) {
      case 0 -> new Change(host, at, Kind.CONGESTION, congestion(), 0);
      case 1 -> new Change(host, at, Kind.PARK, chance.of(strategies), pause());
      default -> new Change(host, at, Kind.STRATEGY, chance.of(strategies), 0);
    };
  }

  private Change driver(int host, long at, int present, int next) {
    return next == present || chance.oneIn(3)
        ? new Change(host, at, Kind.GONE_AND_BACK, String.valueOf(next), pause())
        : new Change(host, at, Kind.TAKEOVER, String.valueOf(next), 0);
  }

  private String congestion() {
    return chance.oneIn(2) ? CongestionControls.BUILT_IN : Simulation.CUBIC.name();
  }

  /** From less than a round trip to more than a retransmission timeout. */
  private long pause() {
    return (long) chance.logarithmic(10 * MICRO, SECOND);
  }
}
