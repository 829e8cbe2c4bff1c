package org.penstock.core.api;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.internal.stack.CoreStack;

/** Describes a stack to be made. Not thread-safe. */
public final class StackBuilder {

  /**
   * All that a stack is made from.
   *
   * @param name its name
   * @param runtime threads, time and chance
   * @param strategy the concurrency strategy, null to begin parked
   * @param congestionControls those that plug in; the built-in one is always there
   * @param congestion the name of the one that connections use, empty for the first that plugs in,
   *     or else the built-in one
   * @param cells how many cells, a power of two
   * @param memoryLimit most bytes of off-heap memory for landings and chunks together
   * @param sendBuffer most bytes that the send queue of a connection grows to
   * @param receiveBuffer most bytes that the receive window of a connection grows to
   * @param timeWaitNanos how long TIME-WAIT lasts: 2 MSL (RFC 9293 §3.4.2)
   * @param minimumRtoNanos least retransmission timeout
   * @param delayedAckNanos how long an acknowledgement may wait (RFC 9293 §3.8.6.3)
   * @param synCookies when listeners answer by SYN cookies (RFC 4987 §3.6)
   * @param timestamps whether connections offer timestamps (RFC 7323 §3)
   * @param sack whether connections offer selective acknowledgement (RFC 2018)
   * @param ecn whether connections use explicit congestion notification (RFC 3168)
   * @param sentinel true to catch two threads inside one partition as it happens
   */
  public record Description(
      String name,
      StackRuntime runtime,
      @Nullable ConcurrencyStrategy strategy,
      List<CongestionControl> congestionControls,
      String congestion,
      int cells,
      long memoryLimit,
      int sendBuffer,
      int receiveBuffer,
      long timeWaitNanos,
      long minimumRtoNanos,
      long delayedAckNanos,
      SynCookies synCookies,
      boolean timestamps,
      boolean sack,
      EcnUse ecn,
      boolean sentinel) {}

  private final String name;
  private StackRuntime runtime = SystemRuntime.get();
  private @Nullable ConcurrencyStrategy strategy;
  private @Nullable List<CongestionControl> congestionControls;
  private String congestion = "";
  private int cells = 64;
  private long memoryLimit = 512L << 20;
  private int sendBuffer = 4 << 20;
  private int receiveBuffer = 4 << 20;
  private long timeWaitNanos = 60_000_000_000L;
  private long minimumRtoNanos = 200_000_000L;
  private long delayedAckNanos = 40_000_000L;
  private SynCookies synCookies = SynCookies.WHEN_FULL;
  private boolean timestamps = true;
  private boolean sack = true;
  private EcnUse ecn = EcnUse.PASSIVE;
  private boolean sentinel = Boolean.getBoolean("penstock.sentinel");

  /**
   * Begins with a name and defaults.
   *
   * @throws IllegalArgumentException if it is not a name; the message says what is allowed
   */
  public StackBuilder(String name) {
    if (!name.matches("[A-Za-z][A-Za-z0-9_.-]{0,31}")) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is not a stack name: write up to 32 letters, digits, '_', '.' or '-', a"
              + " letter first");
    }
    this.name = name;
  }

  /** Takes threads, time and chance from there; by default from the machine. */
  public StackBuilder runtime(StackRuntime source) {
    this.runtime = source;
    return this;
  }

  /** Begins with this concurrency strategy. */
  public StackBuilder strategy(ConcurrencyStrategy first) {
    this.strategy = first;
    return this;
  }

  /**
   * Begins with the strategy of that name which {@code ServiceLoader} finds.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public StackBuilder strategy(String strategyName) {
    List<String> found = new ArrayList<>();
    for (ConcurrencyStrategy candidate : ServiceLoader.load(ConcurrencyStrategy.class)) {
      if (candidate.name().equals(strategyName)) {
        return strategy(candidate);
      }
      found.add(candidate.name());
    }
    throw new IllegalArgumentException(
        "no concurrency strategy '"
            + strategyName
            + "' on the module or class path; found "
            + found);
  }

  /**
   * Uses the congestion control of that name, one of those given or built in; by default the first
   * one given.
   */
  public StackBuilder congestion(String controlName) {
    this.congestion = controlName;
    return this;
  }

  /** Uses this congestion control, and has no other but the built-in one. */
  public StackBuilder congestion(CongestionControl control) {
    return congestionControls(List.of(control)).congestion(control.name());
  }

  /**
   * Has these congestion controls besides the built-in one; by default those that {@code
   * ServiceLoader} finds.
   */
  public StackBuilder congestionControls(List<CongestionControl> controls) {
    this.congestionControls = List.copyOf(controls);
    return this;
  }

  /** Divides the core into that many cells, a power of two up to 4096; 64 by default. */
  public StackBuilder cells(int count) {
    if (count < 1 || count > 4096 || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException(
          "cells " + count + " is not a power of two between 1 and 4096");
    }
    this.cells = count;
    return this;
  }

  /** Limits off-heap memory, in bytes, at least 1 MiB; 512 MiB by default. */
  public StackBuilder memoryLimit(long bytes) {
    this.memoryLimit = atLeast("memoryLimit", bytes, 1 << 20);
    return this;
  }

  /**
   * Limits what a connection's queues grow to each way, in bytes, at least 4 KiB; 4 MiB by default.
   * Unless its {@link TcpSettings} name sizes, a connection begins with less: the receive window
   * follows what its user takes in a round trip, the send queue follows the congestion window.
   */
  public StackBuilder buffers(int send, int receive) {
    this.sendBuffer = (int) atLeast("send buffer", send, 4096);
    this.receiveBuffer = (int) atLeast("receive buffer", receive, 4096);
    return this;
  }

  /** Sets how long TIME-WAIT lasts, in nanoseconds; 60 s by default. */
  public StackBuilder timeWait(long nanos) {
    this.timeWaitNanos = atLeast("timeWait", nanos, 1);
    return this;
  }

  /** Sets the least retransmission timeout, in nanoseconds; 200 ms by default. */
  public StackBuilder minimumRto(long nanos) {
    this.minimumRtoNanos = atLeast("minimumRto", nanos, 1_000_000);
    return this;
  }

  /** Sets how long an acknowledgement may wait, in nanoseconds, below 500 ms; 40 ms by default. */
  public StackBuilder delayedAck(long nanos) {
    if (nanos < 0 || nanos >= 500_000_000L) {
      throw new IllegalArgumentException(
          "delayedAck " + nanos + " is not between 0 and 500 ms (RFC 9293 §3.8.6.3)");
    }
    this.delayedAckNanos = nanos;
    return this;
  }

  /** Sets when listeners answer by SYN cookies; while a backlog is full by default. */
  public StackBuilder synCookies(SynCookies when) {
    this.synCookies = when;
    return this;
  }

  /**
   * Offers timestamps (RFC 7323 §3) to the peers of new connections, or not; by default it does.
   */
  public StackBuilder timestamps(boolean on) {
    this.timestamps = on;
    return this;
  }

  /** Offers selective acknowledgement (RFC 2018) to the peers of new connections; by default on. */
  public StackBuilder sack(boolean on) {
    this.sack = on;
    return this;
  }

  /**
   * Uses explicit congestion notification (RFC 3168) on new connections, or not; by default where
   * the peer asks for it.
   */
  public StackBuilder ecn(EcnUse use) {
    this.ecn = use;
    return this;
  }

  /** Turns the occupancy sentinel on or off; by default the system property penstock.sentinel. */
  public StackBuilder sentinel(boolean on) {
    this.sentinel = on;
    return this;
  }

  /**
   * Makes the stack.
   *
   * @throws IllegalArgumentException if the strategy does not start, or there is no congestion
   *     control of the name given
   */
  public Stack build() {
    return new CoreStack(describe());
  }

  /** What was described so far. */
  public Description describe() {
    List<CongestionControl> controls = congestionControls;
    if (controls == null) {
      controls = new ArrayList<>();
      ServiceLoader.load(CongestionControl.class).forEach(controls::add);
    }
    return new Description(
        name,
        runtime,
        strategy,
        List.copyOf(controls),
        congestion,
        cells,
        memoryLimit,
        sendBuffer,
        receiveBuffer,
        timeWaitNanos,
        minimumRtoNanos,
        delayedAckNanos,
        synCookies,
        timestamps,
        sack,
        ecn,
        sentinel);
  }

  private static long atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " " + value + " is below " + least);
    }
    return value;
  }
}
