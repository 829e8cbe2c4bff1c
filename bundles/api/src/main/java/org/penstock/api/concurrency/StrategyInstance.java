package org.penstock.api.concurrency;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.netif.QueueAgent;

/**
 * A strategy at work for one stack. {@link #open}, {@link #drive}, {@link #release} and {@link
 * #close} are called by one thread at a time, at passive level.
 */
@ConsumerType
public interface StrategyInstance {

  /** The ways into a partition. From any thread. */
  Exclusion exclusion(int partition);

  /**
   * Lets posted sections run and callers in. The instance enters every partition once, also if
   * nothing was posted, to learn of deadlines that its predecessor left behind.
   *
   * <p>The stack opens or closes every instance it started, so that nobody waits for ever on one
   * that is not open.
   */
  void open();

  /**
   * Takes a driver queue to drive: by a thread of its own, or by a partition's. The agent's frames
   * may belong to any partition.
   *
   * @param agent the queue
   * @param name for the thread, such as {@code a/net0/0}
   */
  void drive(QueueAgent agent, String name);

  /**
   * Stops driving a queue.
   *
   * @param deadlineNanos when to give up, by the runtime's clock
   * @return true if no thread of this instance is in the agent any more
   */
  boolean release(QueueAgent agent, long deadlineNanos);

  /**
   * Ends the instance after its partitions were retired: ends every wait with {@link
   * Awaited#MOVED}, passes every section still queued to {@link StrategyHost#forward} in order, and
   * ends its threads. Later posts are passed on as well.
   *
   * @param deadlineNanos when to give up, by the runtime's clock
   * @return true if no thread of this instance is left
   */
  boolean close(long deadlineNanos);

  /** What it counted so far. From any thread. */
  StrategyStatistics statistics();
}
