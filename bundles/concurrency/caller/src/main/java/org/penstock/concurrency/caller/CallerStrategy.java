package org.penstock.concurrency.caller;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.caller.internal.CallerInstance;
import org.penstock.concurrency.caller.internal.Rounds;

/**
 * No threads: whoever embeds the stacks drives them, step by step. The same calls, clock and random
 * seed give the same bytes.
 *
 * <p>A strategy object drives every stack that was started with it, in the order of their starting.
 * A stack's <em>driving thread</em> is the first that polls it or enters it; from another thread
 * frames and posted requests are queued until the next {@link #poll}, and everything else is
 * refused with an {@code IllegalStateException}. {@link #takeOver} changes the driving thread.
 *
 * <p>When an entry on the driving thread returns, be it a frame delivered, a request or a poll, all
 * that it led to has been done: every frame due has reached the NIC. (Handlers that post without
 * end are cut off after 64,000 sections; what is left waits for the next poll.) Time stands still
 * within an entry unless the runtime's clock moves by itself.
 */
public class CallerStrategy implements ConcurrencyStrategy {

  /** The strategy's name. */
  public static final String STRATEGY = "caller";

  private final Rounds rounds;

  /** A strategy whose blocking calls never wait: they fail with {@link WouldSleepException}. */
  public CallerStrategy() {
    this(deadline -> false);
  }

  /** A strategy whose blocking calls wait as given. */
  public CallerStrategy(Waiting waiting) {
    this.rounds = new Rounds(waiting);
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
    return new CallerInstance(host, rounds);
  }

  /**
   * Does everything there is to do now: frames that wait in driven queues, posted sections, timers
   * that are due; again and again until nothing is left. Stacks that keep each other busy without
   * end in no time, as two services that only send do, need {@link #step}.
   *
   * @return how many things were done: frames, sections and timers
   * @throws IllegalStateException from another thread than the driving one, or from inside a stack
   */
  public int poll() {
    return rounds.poll();
  }

  /**
   * One round of {@link #poll}: every stack once, its queues 64 frames each, 64 sections, one batch
   * of timers.
   *
   * @return how many things were done; 0 if nothing is left to do now
   * @throws IllegalStateException as {@link #poll}
   */
  public int step() {
    return rounds.step();
  }

  /**
   * When to poll next, by the runtime's clock, if no frame comes and no request is made before:
   * {@code Long.MAX_VALUE} if no timer runs; a time that is past if something is left to do now.
   */
  public long nextDeadline() {
    return rounds.nextDeadline();
  }

  /**
   * Makes the calling thread the driving one of every stack. The embedder sees to it that the
   * thread before is not inside, and that what it did is visible.
   */
  public void takeOver() {
    rounds.takeOver();
  }
}
