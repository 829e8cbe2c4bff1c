package org.penstock.concurrency.spinlock;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.concurrency.support.LockInstance;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Lock;
import org.penstock.concurrency.spinlock.internal.TestAndTestAndSetLock;
import org.penstock.concurrency.spinlock.internal.TicketLock;

/**
 * One partition, one spin lock around every entry: who finds it taken stays on its processor until
 * it is free, and never sleeps. What a kernel driver is limited to at dispatch level.
 */
public final class SpinLockStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "spin-lock";

  /** Turns of spinning after which a thread gives way, unless said otherwise. */
  public static final int DEFAULT_TURNS = 256;

  /** The most turns that may be set. */
  public static final int MOST_TURNS = 1_000_000;

  private final SpinLockKind kind;
  private final int turns;

  /** Test-and-test-and-set, which gives way after {@value #DEFAULT_TURNS} turns. */
  public SpinLockStrategy() {
    this(SpinLockKind.TEST_AND_TEST_AND_SET, DEFAULT_TURNS);
  }

  /**
   * A strategy with settings.
   *
   * @param turns of spinning after which a thread offers its processor to others that could run; 0:
   *     never
   * @throws IllegalArgumentException if the turns are negative or more than {@value #MOST_TURNS}
   */
  public SpinLockStrategy(SpinLockKind kind, int turns) {
    if (turns < 0 || turns > MOST_TURNS) {
      throw new IllegalArgumentException(
          "property 'spin.turns' has the value '" + turns + "'; allowed: 0 to " + MOST_TURNS);
    }
    this.kind = kind;
    this.turns = turns;
  }

  @Override
  public String name() {
    return STRATEGY;
  }

  @Override
  public int partitions(int cells, int processors) {
    return 1;
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return LockInstance.start(host, STRATEGY, () -> lock(host.runtime()));
  }

  private Lock lock(StackRuntime runtime) {
    return switch (kind) {
      case TEST_AND_TEST_AND_SET -> new TestAndTestAndSetLock(runtime, turns);
      case TICKET -> new TicketLock(runtime, turns);
    };
  }

  @Override
  public String toString() {
    return STRATEGY + "[" + kind.word() + ", " + turns + " turns]";
  }
}
