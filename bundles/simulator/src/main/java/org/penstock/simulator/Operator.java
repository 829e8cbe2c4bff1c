package org.penstock.simulator;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.Stack;

/**
 * Whoever runs a host: replaces its parts as planned, one after the other, on a thread of its own.
 */
final class Operator {

  private final Node node;
  private final Stack stack;
  private final IntFunction<Netif> drivers;
  private final List<Change> changes;
  private final Strategies strategies;
  private final WireTrace trace;
  private @Nullable Parker parker;
  private boolean stopped;
  private int done;

  Operator(
      Node node,
      IntFunction<Netif> drivers,
      List<Change> changes,
      Strategies strategies,
      WireTrace trace) {
    this.node = node;
    this.stack = node.stack();
    this.drivers = drivers;
    this.changes = List.copyOf(changes);
    this.strategies = strategies;
    this.trace = trace;
  }

  /** What it has replaced so far. */
  int done() {
    return done;
  }

  /** Has it begin nothing more. */
  void stop() {
    stopped = true;
    wake();
  }

  private void wake() {
    Parker own = parker;
    if (own != null) {
      own.unpark();
    }
  }

  void run() {
    Parker own = stack.runtime().parker();
    parker = own;
    for (Change change : changes) {
      trace.after(change.afterFrames(), this::wake);
      while (!stopped && trace.frames() < change.afterFrames()) {
        own.park(StackRuntime.NEVER);
      }
      if (stopped) {
        return;
      }
      make(change, own);
      done++;
    }
  }

  private void make(Change change, Parker own) {
    switch (change.kind()) {
      case STRATEGY -> swap(change);
      case PARK -> {
        require(stack.swap(null), change);
        pause(change.forNanos(), own);
        swap(change);
      }
      case CONGESTION -> stack.congestion().use(change.name());
      case TAKEOVER -> require(node.takeOver(driver(change)), change);
      case GONE_AND_BACK -> {
        node.detach();
        pause(change.forNanos(), own);
        require(node.attach(driver(change)), change);
      }
    }
  }

  private Netif driver(Change change) {
    return drivers.apply(Integer.parseInt(change.name()));
  }

  private void swap(Change change) {
    require(stack.swap(strategies.named(change.name())), change);
  }

  private void pause(long nanos, Parker own) {
    long end = stack.runtime().nanoTime() + nanos;
    while (stack.runtime().nanoTime() < end) {
      own.park(end);
    }
  }

  private void require(@Nullable String refusal, Change change) {
    if (refusal != null) {
      throw new IllegalStateException("stack " + stack.name() + ", " + change + ": " + refusal);
    }
  }
}
