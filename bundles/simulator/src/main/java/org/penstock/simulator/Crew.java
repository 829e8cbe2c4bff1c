package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * The simulated threads that are not the stacks': applications, operators, the junction, whoever
 * checks. What one of them dies of is told to the simulation.
 *
 * <p>Its fields are safe without a lock, as those of everything in a simulation that calls no
 * runtime while it changes them: one thread of a {@code VirtualRuntime} runs at a time, and another
 * goes on at a call of the runtime only.
 */
final class Crew {

  /** What a thread does. */
  interface Body {
    void run() throws Exception;
  }

  private final StackRuntime runtime;
  private final Runnable news;
  private final List<RuntimeThread> threads = new ArrayList<>();
  private @Nullable Throwable failure;

  /**
   * Nobody yet.
   *
   * @param news is told when a thread has died of something
   */
  Crew(StackRuntime runtime, Runnable news) {
    this.runtime = runtime;
    this.news = news;
  }

  StackRuntime runtime() {
    return runtime;
  }

  void start(String name, Body body) {
    threads.add(
        runtime.start(
            name,
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                if (failure == null) {
                  failure = e;
                }
                news.run();
              }
            }));
  }

  /** What the first that failed died of, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Waits until all have come to their end. */
  void join() {
    for (RuntimeThread thread : List.copyOf(threads)) {
      thread.join(StackRuntime.NEVER);
    }
    threads.clear();
  }
}
