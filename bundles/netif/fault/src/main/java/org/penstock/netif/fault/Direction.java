package org.penstock.netif.fault;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;

/** What a direction's lanes, one for each wrapped driver, share: how bad it is, and the counts. */
final class Direction {

  /**
   * How bad it is.
   *
   * @param seed of this direction
   */
  record Plan(ImpairmentConfig network, long seed, long memory) {}

  final AtomicLong frames = new AtomicLong();
  final AtomicLong passed = new AtomicLong();
  final AtomicLong overflow = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong held = new AtomicLong();
  final AtomicLongArray impairments = new AtomicLongArray(Impairment.values().length);
  private volatile Plan plan;

  Direction(Plan plan) {
    this.plan = plan;
  }

  Plan plan() {
    return plan;
  }

  void plan(Plan other) {
    plan = other;
  }

  FaultStatistics read() {
    Map<Impairment, Long> counts = new EnumMap<>(Impairment.class);
    for (Impairment impairment : Impairment.values()) {
      counts.put(impairment, impairments.get(impairment.ordinal()));
    }
    return new FaultStatistics(
        frames.get(), passed.get(), counts, overflow.get(), refused.get(), held.get());
  }
}
