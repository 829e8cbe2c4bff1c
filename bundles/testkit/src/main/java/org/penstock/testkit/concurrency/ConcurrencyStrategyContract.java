package org.penstock.testkit.concurrency;

/**
 * What every strategy with threads of its own must do; a strategy's test extends this and says
 * which strategy it is. The parts are interfaces, so that a strategy without threads can take those
 * that apply.
 *
 * <p>Tests wait for conditions, never for time: a deadline is reached only where something is
 * broken.
 */
public abstract class ConcurrencyStrategyContract
    implements EntryContract,
        ThreadsContract,
        WaitContract,
        TimerContract,
        QueueContract,
        HandOverContract,
        BoundsContract,
        PartitionsContract,
        SimulationContract {

  /** For subclasses. */
  protected ConcurrencyStrategyContract() {}
}
