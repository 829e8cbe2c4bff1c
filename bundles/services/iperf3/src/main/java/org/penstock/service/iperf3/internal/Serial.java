package org.penstock.service.iperf3.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after another, in the order in which they come, on the threads that bring them.
 * Nobody waits: who comes while a task runs leaves his own to whoever is at it. No lock is held
 * while a task runs, so it may call the transport.
 */
final class Serial {

  private static final System.Logger LOG = System.getLogger("org.penstock.service.iperf3");

  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Runs a task, now or behind those that came before. */
  void run(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() > 0) {
      return;
    }
    do {
      Runnable next = tasks.poll();
      try {
        if (next != null) {
          next.run();
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "an event of a test failed", e);
      }
    } while (waiting.decrementAndGet() > 0);
  }
}
