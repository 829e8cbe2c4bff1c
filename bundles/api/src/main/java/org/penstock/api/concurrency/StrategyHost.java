package org.penstock.api.concurrency;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.runtime.StackRuntime;

/** The stack, as an instance of a strategy sees it. */
@ProviderType
public interface StrategyHost {

  /** The stack's name, for thread names. */
  String stack();

  /** Threads, waiting, time and chance. */
  StackRuntime runtime();

  /** How many partitions this instance has, as its strategy wished. */
  int partitions();

  /** The stack's side of a partition. */
  Partition partition(int index);

  /**
   * Passes on a section that this instance can no longer run, to the strategy that followed. From
   * any thread, never blocks.
   */
  void forward(Section section);

  /** Reports an exception of the strategy's own; counted, logged once. */
  void failed(String what, Throwable cause);
}
