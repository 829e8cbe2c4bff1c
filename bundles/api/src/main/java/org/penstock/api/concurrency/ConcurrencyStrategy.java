package org.penstock.api.concurrency;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to make the core thread-safe: a factory, one instance for each stack. Found as an OSGi
 * service (with the property {@link #NAME}) or by {@code ServiceLoader}.
 *
 * <p>An instance takes threads, waiting and time from the host's runtime alone, and holds no
 * reference into the stack but those it was given.
 */
@ConsumerType
public interface ConcurrencyStrategy {

  /** Service property: the strategy's name, such as {@code global-lock}. */
  String NAME = "strategy.name";

  /** The name, such as {@code mailbox}. */
  String name();

  /**
   * How many partitions it wants.
   *
   * @param cells the cells of the stack, a power of two
   * @param processors the processors the stack may count on
   * @return 1 to {@code cells}
   */
  int partitions(int cells, int processors);

  /**
   * Starts an instance, closed: posts wait in it, calls and waits block, until {@link
   * StrategyInstance#open}. Runs on a thread of the stack's with a time bound.
   *
   * @throws RuntimeException if it can't start; the strategy in force goes on
   */
  StrategyInstance start(StrategyHost host);
}
