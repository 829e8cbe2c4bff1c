package org.penstock.testkit.concurrency;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** What the contract's parts need to know of the strategy they test. */
public interface StrategyUnderTest {

  /** The strategy; the same object for the length of a test. */
  ConcurrencyStrategy strategy();

  /** Lets work that was given get on; needed by a strategy that has no threads. */
  default void settle() {}

  /** A closed instance over the machine's own runtime. */
  default StrategyBench closedBench() {
    return bench(SystemRuntime.get());
  }

  /** An open instance over the machine's own runtime. */
  default StrategyBench openBench() {
    return closedBench().open();
  }

  /** A closed instance over a runtime. */
  default StrategyBench bench(StackRuntime runtime) {
    return new StrategyBench(strategy(), runtime, this::settle);
  }
}
