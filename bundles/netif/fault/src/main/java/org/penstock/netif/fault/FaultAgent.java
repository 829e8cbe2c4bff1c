package org.penstock.netif.fault;

import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;

/** Has frames leave whose time has come while nobody else moves frames. */
final class FaultAgent implements QueueAgent {

  private final NetifHost host;
  private final StackRuntime runtime;
  private final InLane in;
  private final OutLane out;

  private volatile @Nullable Parker sleeper;
  private volatile long sleepsUntil;
  private volatile boolean woken;

  // Owned by the agent's thread.
  private @Nullable Parker parker;
  private long parkerOwner;

  FaultAgent(NetifHost host, InLane in, OutLane out) {
    this.host = host;
    this.runtime = host.runtime();
    this.in = in;
    this.out = out;
  }

  /** Frames delivered; those sent are not counted, and bring it back by {@link #nextDue}. */
  @Override
  public int work(int budget) {
    out.pump(budget);
    if (out.takeRoomNews()) {
      host.transmitReady();
    }
    return in.pump(budget);
  }

  /** Somebody else has pumped: tells the agent what that left for it. Any thread. */
  void pumped() {
    Parker idle = sleeper;
    if (idle != null && (nextDue() < sleepsUntil || out.hasRoomNews())) {
      idle.unpark();
    }
  }

  @Override
  public void idle(long deadlineNanos) {
    Parker mine = parkerOfCaller();
    sleepsUntil = deadlineNanos;
    sleeper = mine;
    // Published before the conditions are looked at: whoever changes one of them later sees it.
    if (!woken && !out.hasRoomNews()) {
      long until = Math.min(deadlineNanos, nextDue());
      sleepsUntil = until;
      // What came due earlier in between did so before the time that it saw was set.
      if (until > runtime.nanoTime() && nextDue() >= until) {
        mine.park(until);
      }
    }
    sleeper = null;
    woken = false;
  }

  @Override
  public void wake() {
    woken = true;
    Parker idle = sleeper;
    if (idle != null) {
      idle.unpark();
    }
  }

  @Override
  public long nextDue() {
    return out.hasRoomNews() ? runtime.nanoTime() : Math.min(in.nextDue(), out.nextDue());
  }

  private Parker parkerOfCaller() {
    long caller = runtime.threadId();
    Parker kept = parker;
    if (kept == null || parkerOwner != caller) {
      kept = runtime.parker();
      parker = kept;
      parkerOwner = caller;
    }
    return kept;
  }
}
