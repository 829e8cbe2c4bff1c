package org.penstock.testkit.concurrency;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Attempt;
import org.penstock.api.concurrency.Exclusion;

/**
 * A condition inside a partition that many threads wait for: each takes a token, each token that is
 * given signals one of those who wait. A signal that a strategy loses leaves a thread asleep beside
 * a token.
 */
public final class Tokens {

  private final FakeCore core;
  private final Supplier<Exclusion> exclusion;
  private final Deque<Take> waiting = new ArrayDeque<>();
  private int tokens;
  private int abandoned;

  /**
   * No tokens.
   *
   * @param exclusion the one in force, to signal by
   */
  public Tokens(FakeCore core, Supplier<Exclusion> exclusion) {
    this.core = core;
    this.exclusion = exclusion;
  }

  /** Gives a token; inside. */
  public void give() {
    core.requireInside("give");
    tokens++;
    signalFirst();
  }

  /** Signals the first who waits, though there is no token; inside. */
  public void signalInVain() {
    core.requireInside("signalInVain");
    Take first = waiting.peek();
    if (first != null) {
      exclusion.get().signal(first);
    }
  }

  /** Tokens there; inside. */
  public int count() {
    core.requireInside("count");
    return tokens;
  }

  /** Attempts registered; inside. */
  public int waiting() {
    core.requireInside("waiting");
    return waiting.size();
  }

  /** How often an attempt was abandoned; inside. */
  public int abandoned() {
    core.requireInside("abandoned");
    return abandoned;
  }

  private void signalFirst() {
    Take first = waiting.peek();
    if (first != null && tokens > 0) {
      exclusion.get().signal(first);
    }
  }

  /** An attempt to take one. */
  public final class Take extends Attempt {
    private final @Nullable RuntimeException failure;

    /** To be used by one thread at a time. */
    public Take() {
      this(0, null);
    }

    /** To be used by one thread at a time. */
    public Take(int partition) {
      this(partition, null);
    }

    /** One that throws. */
    public Take(RuntimeException failure) {
      this(0, failure);
    }

    private Take(int partition, @Nullable RuntimeException failure) {
      super(partition);
      this.failure = failure;
    }

    @Override
    protected boolean attempt() {
      core.requireInside("attempt");
      if (failure != null) {
        throw failure;
      }
      if (tokens == 0) {
        if (!waiting.contains(this)) {
          waiting.add(this);
        }
        return false;
      }
      tokens--;
      waiting.remove(this);
      // The signal that this one took may have been meant for the next.
      signalFirst();
      return true;
    }

    @Override
    protected void abandon() {
      core.requireInside("abandon");
      abandoned++;
      waiting.remove(this);
      signalFirst();
    }
  }
}
