package org.penstock.core.internal.slot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.core.internal.rim.Rim;

/**
 * The drivers on offer for a slot, and which of them is bound: the highest ranking that works. A
 * better one is bound before the other is detached; while both are attached the slot reads both.
 *
 * <p>Passive level, any thread; one change at a time.
 */
final class Drivers {

  private static final long DETACH_LIMIT = 2_000_000_000L;

  private static final class Candidate {
    final Netif netif;
    final int ranking;
    @Nullable String unusable;

    Candidate(Netif netif, int ranking) {
      this.netif = netif;
      this.ranking = ranking;
    }
  }

  private final SlotCore slot;
  private final Rim rim;
  private final StackRuntime runtime;
  private final Mutex mutex;
  private final List<Candidate> candidates = new ArrayList<>();
  private volatile int generation;
  private @Nullable NetifWrapper wrapper;
  private boolean closed;

  Drivers(SlotCore slot, Rim rim) {
    this.slot = slot;
    this.rim = rim;
    this.runtime = rim.runtime();
    this.mutex = new Mutex(runtime);
  }

  /** How many drivers were bound so far. */
  int generation() {
    return generation;
  }

  @Nullable String offer(Netif netif, int ranking) {
    mutex.lock();
    try {
      if (closed) {
        return "slot " + slot.qualifiedName() + " is closed";
      }
      candidates.removeIf(known -> known.netif == netif);
      Candidate candidate = new Candidate(netif, ranking);
      candidates.add(candidate);
      candidates.sort(Comparator.comparingInt((Candidate known) -> known.ranking).reversed());
      rebind();
      return candidate.unusable;
    } finally {
      mutex.unlock();
    }
  }

  /**
   * Wraps every driver from now on, the one that is bound in its place; null for none.
   *
   * @return null, or why the bound driver can't be wrapped: then it goes on without
   */
  @Nullable String wrap(@Nullable NetifWrapper next) {
    mutex.lock();
    try {
      wrapper = next;
      Binding bound = slot.binding();
      Layer before = bound == null ? null : bound.layer();
      boolean same = (before == null ? null : before.wrapper()) == next;
      return bound == null || same ? null : rewrap(bound);
    } finally {
      mutex.unlock();
    }
  }

  /** Wraps the bound driver anew, for what it can do now. From any thread. */
  void rewrap() {
    later(
        "rewrap",
        () -> {
          Binding bound = slot.binding();
          if (bound != null && bound.layer() != null) {
            rewrap(bound);
          }
        });
  }

  /** A wrapper can't go on. From any thread. */
  void failed(NetifWrapper broken, Throwable cause) {
    later(
        "unwrap",
        () -> {
          if (wrapper == broken) {
            rim.log(
                "wrapper "
                    + broken.name()
                    + " of "
                    + slot.qualifiedName()
                    + " failed and is taken away",
                cause);
            wrapper = null;
            Binding bound = slot.binding();
            if (bound != null) {
              rewrap(bound);
            }
          }
        });
  }

  void withdraw(Netif netif) {
    mutex.lock();
    try {
      if (candidates.removeIf(known -> known.netif == netif)) {
        rebind();
      }
    } finally {
      mutex.unlock();
    }
  }

  /** The driver says that its device is lost. May be called by a thread that drives its queue. */
  void failed(Binding binding, Throwable cause) {
    later(
        "failed",
        () -> {
          for (Candidate candidate : candidates) {
            if (candidate.netif == binding.netif() && slot.binding() == binding) {
              candidate.unusable = String.valueOf(cause.getMessage());
              rim.log(
                  "driver "
                      + binding.netif().name()
                      + " of "
                      + slot.qualifiedName()
                      + " failed: "
                      + cause.getMessage(),
                  null);
              rebind();
              return;
            }
          }
        });
  }

  /** Runs a change on a thread of its own: the caller may be one that the change waits for. */
  private void later(String what, Runnable change) {
    runtime.start(
        "penstock-" + slot.qualifiedName() + "-" + what,
        () -> {
          mutex.lock();
          try {
            change.run();
          } finally {
            mutex.unlock();
          }
        });
  }

  void close() {
    mutex.lock();
    try {
      closed = true;
      candidates.clear();
      rebind();
    } finally {
      mutex.unlock();
    }
  }

  /** Binds the best candidate that works, if it is not bound already. */
  private void rebind() {
    Binding old = slot.binding();
    for (Candidate candidate : candidates) {
      if (candidate.unusable != null) {
        continue;
      }
      if (old != null && old.netif() == candidate.netif) {
        return;
      }
      candidate.unusable = bind(candidate.netif);
      if (candidate.unusable == null) {
        if (old != null) {
          unbind(old);
        }
        return;
      }
      rim.log(
          "driver "
              + candidate.netif.name()
              + " can't serve "
              + slot.qualifiedName()
              + ": "
              + candidate.unusable,
          null);
    }
    if (old != null) {
      slot.bind(null);
      unbind(old);
    }
  }

  private @Nullable String bind(Netif netif) {
    Binding binding;
    try {
      NetifCapabilities capabilities = netif.capabilities();
      if (capabilities.retains()) {
        return "it retains frames, which this version does not support";
      }
      binding = new Binding(slot, netif, capabilities, rim.cells());
      binding.attached(netif.attach(binding));
    } catch (NetifException e) {
      return String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      return "attach threw " + e;
    }
    wrap(binding);
    generation++;
    slot.bind(binding);
    int queue = 0;
    for (QueueAgent agent : binding.queues()) {
      rim.drive(agent, slot.qualifiedName() + "/" + queue++);
    }
    slot.linkChanged(binding);
    return null;
  }

  /** Puts the wrapper in force, or none, around a driver; returns why that can't be. */
  private @Nullable String wrap(Binding binding) {
    String reason = null;
    try {
      binding.wrap(wrapper);
    } catch (NetifException e) {
      reason = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      reason = "wrap threw " + e;
    }
    if (reason != null && wrapper != null) {
      rim.log(
          "wrapper " + wrapper.name() + " can't serve " + slot.qualifiedName() + ": " + reason,
          null);
    }
    return reason;
  }

  /** Wraps a bound driver anew: the next wrapper stands before the one in its place ends. */
  private @Nullable String rewrap(Binding bound) {
    Layer before = bound.layer();
    String reason = wrap(bound);
    Layer now = bound.layer();
    if (now != null) {
      int queue = 0;
      for (QueueAgent agent : now.queues()) {
        rim.drive(agent, slot.qualifiedName() + "/" + now.wrapper().name() + queue++);
      }
    }
    slot.remade();
    if (before != null) {
      long deadline = runtime.nanoTime() + DETACH_LIMIT;
      // Whoever is inside a partition may be inside its ports: wait until they have left.
      boolean clean = rim.fenceAll(deadline);
      for (QueueAgent agent : before.queues()) {
        clean &= rim.release(agent, deadline);
      }
      if (!clean || !before.end(deadline)) {
        rim.log(
            "wrapper "
                + before.wrapper().name()
                + " of "
                + slot.qualifiedName()
                + " did not stop in time; what it held back is lost",
            null);
      }
      // What it did not take for its end is sent now.
      slot.resumeAll();
    }
    return reason;
  }

  /** Detaches a driver that is no longer in the way down. */
  private void unbind(Binding binding) {
    long deadline = runtime.nanoTime() + DETACH_LIMIT;
    // Whoever is inside a partition may be inside the driver's transmit: wait until they have left.
    boolean clean = rim.fenceAll(deadline);
    for (QueueAgent agent : binding.queues()) {
      clean &= rim.release(agent, deadline);
    }
    try {
      clean &= binding.end(deadline);
    } catch (RuntimeException e) {
      rim.thrown("detach", binding.netif(), e);
      clean = false;
    }
    slot.unbound(binding);
    if (!clean) {
      rim.log(
          "driver "
              + binding.netif().name()
              + " of "
              + slot.qualifiedName()
              + " did not stop in time; its buffers are written off",
          null);
    }
  }
}
