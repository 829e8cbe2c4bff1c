package org.penstock.core.internal.slot;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.DriverView;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.internal.rim.BoundedCall;
import org.penstock.core.internal.rim.Rim;

/**
 * The drivers on offer for a slot, and which of them is bound: the highest ranking that works. A
 * better one is bound before the other is detached; while both are attached the slot reads both.
 * Where the slot wants drivers that stand by, so many more are attached, and the {@link Election}
 * among them needs nobody to be called: it is made by whoever tells of a link.
 *
 * <p>A driver is called on a thread of its own and waited for within bounds. One that throws is
 * detached, and bound again only where nothing else works; one that hangs is written off with
 * everything it was lent, and that instance is never bound again.
 *
 * <p>Passive level, any thread; one change at a time.
 */
final class Drivers {

  private static final long ATTACH_LIMIT = 3_000_000_000L;
  private static final long DETACH_LIMIT = 2_000_000_000L;

  /** Longer than the watchdog takes to find out who hangs, and to get it out. */
  private static final long FENCE_LIMIT = 5_000_000_000L;

  private final SlotCore slot;
  private final Rim rim;
  private final StackRuntime runtime;
  private final Mutex mutex;
  private final Watchdog watchdog;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<WeakReference<Netif>> hung = new ArrayList<>();

  /** Held for an election, in which no driver is called. */
  private final Mutex electing;

  /** Those who may be at work, best first. */
  private volatile List<Binding> attached = List.of();

  /** Every bond that was not ended yet. */
  private final List<Binding> bonds = new CopyOnWriteArrayList<>();

  private volatile List<Candidate.Shown> shown = List.of();

  /** When a driver that failed may be tried again, while no other works. */
  private volatile long retryAt = StackRuntime.NEVER;

  private @Nullable NetifWrapper wrapper;
  private boolean closed;

  Drivers(SlotCore slot, Rim rim) {
    this.slot = slot;
    this.rim = rim;
    this.runtime = rim.runtime();
    this.mutex = new Mutex(runtime);
    this.electing = new Mutex(runtime);
    this.watchdog =
        new Watchdog(runtime, "penstock-" + slot.qualifiedName() + "-watchdog", this::look);
  }

  @Nullable String offer(Netif netif, int ranking) {
    mutex.lock();
    try {
      if (closed) {
        return "slot " + slot.qualifiedName() + " is closed";
      }
      Candidate candidate = find(netif);
      if (candidate == null) {
        candidate = new Candidate(netif, ranking);
        candidates.add(candidate);
        if (isHung(netif)) {
          candidate.hung("it hung before: another instance of it may be bound, not this one");
        }
      } else {
        candidate.offeredAgain(ranking);
      }
      candidates.sort(Comparator.comparingInt(Candidate::ranking).reversed());
      settle();
      return candidate.failure();
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
      String reason = null;
      for (Binding bound : bonds) {
        Layer before = bound.layer();
        if ((before == null ? null : before.wrapper()) != next) {
          String refused = rewrap(bound);
          reason = bound == slot.binding() ? refused : reason;
        }
      }
      return reason;
    } finally {
      mutex.unlock();
    }
  }

  /** Wraps the bound driver anew, for what it can do now. From any thread. */
  void rewrap() {
    later(
        "rewrap",
        () ->
            locked(() -> {
              for (Binding bound : bonds) {
                if (bound.layer() != null) {
                  rewrap(bound);
                }
              }
            }));
  }

  /** A wrapper can't go on. From any thread. */
  void failed(NetifWrapper broken, Throwable cause) {
    later(
        "unwrap",
        () ->
            locked(() -> {
              if (wrapper == broken) {
                rim.log(
                    "wrapper "
                        + broken.name()
                        + " of "
                        + slot.qualifiedName()
                        + " failed and is taken away",
                    cause);
                wrapper = null;
                bonds.forEach(this::rewrap);
              }
            }));
  }

  void withdraw(Netif netif) {
    locked(() -> {
      if (candidates.removeIf(known -> known.netif() == netif)) {
        settle();
      }
    });
  }

  /** The slot wants more drivers that stand by, or fewer. */
  void reconsider() {
    locked(this::settle);
  }

  /**
   * Puts the right one of those attached in the way down. From any thread outside of the core.
   *
   * @return true if that is another one than before
   */
  boolean elect() {
    electing.lock();
    try {
      Binding before = slot.binding();
      Binding chosen = chosen(before);
      if (chosen == before) {
        return false;
      }
      slot.bind(chosen);
      return true;
    } finally {
      electing.unlock();
    }
  }

  private @Nullable Binding chosen(@Nullable Binding before) {
    List<Binding> members = attached;
    SlotSettings settings = slot.settings();
    if (settings.standby() > 0) {
      return Election.byLink(members, before, settings.failbackNanos(), runtime.nanoTime());
    }
    return members.isEmpty() ? null : members.getFirst();
  }

  void close() {
    locked(() -> {
      closed = true;
      candidates.clear();
      settle();
    });
  }

  /** A driver has failed. May be called from inside a partition, and by the driver's own thread. */
  void failed(Binding binding, String reason, @Nullable Throwable cause) {
    rim.log(
        "driver " + binding.name() + " of " + slot.qualifiedName() + " failed: " + reason, cause);
    repairLater();
  }

  /** The drivers on offer at this moment, best first. */
  List<DriverView> views() {
    Binding active = slot.binding();
    return shown.stream().map(candidate -> candidate.view(active)).toList();
  }

  private void repairLater() {
    later("repair", this::repair);
  }

  /** Makes a change on a thread of its own: the caller may be one that the change waits for. */
  private void later(String what, Runnable change) {
    try {
      runtime.start("penstock-" + slot.qualifiedName() + "-" + what, change);
    } catch (UnsupportedOperationException e) {
      // A simulation: its thread is inside the driver now. The next change of drivers sees to it.
      rim.log(
          slot.qualifiedName()
              + " waits with the "
              + what
              + " until a driver is offered or withdrawn: there is no thread for it",
          null);
    }
  }

  private void locked(Runnable change) {
    mutex.lock();
    try {
      change.run();
    } finally {
      mutex.unlock();
    }
  }

  private void repair() {
    // Who stands by needs not wait for a driver that is being attached.
    electAndIntroduce();
    reconsider();
  }

  /** Every now and then, by the watchdog. */
  private void look() {
    for (Binding binding : bonds) {
      binding.watch();
    }
    Binding active = slot.binding();
    boolean retry = active == null && runtime.nanoTime() >= retryAt;
    if (retry) {
      retryAt = StackRuntime.NEVER;
    }
    if (retry || chosen(active) != active) {
      // Not by this thread, which has others to look after.
      repairLater();
    }
  }

  // ---- under the mutex

  private @Nullable Candidate find(Netif netif) {
    for (Candidate candidate : candidates) {
      if (candidate.netif() == netif) {
        return candidate;
      }
    }
    return null;
  }

  private boolean isHung(Netif netif) {
    hung.removeIf(known -> known.get() == null);
    return hung.stream().anyMatch(known -> known.get() == netif);
  }

  /**
   * Binds the best candidates that work, if they are not bound already, and lets go of all others.
   * Those stay attached until the new ones have proved themselves: until every partition has been
   * left once, and might have hung in a new driver meanwhile.
   */
  private void settle() {
    watchdog.want(!candidates.isEmpty());
    List<Binding> wanted;
    boolean fenced;
    do {
      takeNoteOfFailures();
      wanted = attachBest(closed ? 0 : 1 + slot.settings().standby());
      attached = wanted;
      electAndIntroduce();
      // Whoever is inside a partition may be inside a driver's transmit: wait until they have left.
      fenced = bonds.size() == wanted.size() || rim.fenceAll(runtime.nanoTime() + FENCE_LIMIT);
    } while (wanted.stream().anyMatch(Binding::hasFailed));
    for (Binding bond : bonds) {
      if (!wanted.contains(bond)) {
        unbind(bond, fenced);
        bonds.remove(bond);
      }
    }
    retryAt = candidates.stream().mapToLong(Candidate::retryAt).min().orElse(StackRuntime.NEVER);
    shown = candidates.stream().map(Candidate::shown).toList();
  }

  private void takeNoteOfFailures() {
    for (Candidate candidate : candidates) {
      Binding bond = candidate.binding();
      String reason = bond == null ? null : bond.failure();
      if (bond != null && reason != null) {
        candidate.failed(reason, runtime.nanoTime());
        if (bond.isStuck()) {
          hung(bond.netif(), candidate, "this instance is not bound again");
        }
      }
    }
  }

  private void electAndIntroduce() {
    if (!elect()) {
      return;
    }
    // A thread that enters partitions, as a post may have it do, may hang in the driver's transmit.
    BoundedCall.make(
        runtime,
        "penstock-" + slot.qualifiedName() + "-introduce",
        runtime.nanoTime() + FENCE_LIMIT,
        () -> {
          slot.introduce();
          return true;
        },
        late -> {});
  }

  /** The best so many that work, attached. */
  private List<Binding> attachBest(int most) {
    List<Binding> best = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (best.size() < most && candidate.isSound()) {
        attach(candidate, best);
      }
    }
    for (Candidate candidate : candidates) {
      if (best.isEmpty() && most > 0 && candidate.retryAt() <= runtime.nanoTime()) {
        attach(candidate, best);
      }
    }
    return List.copyOf(best);
  }

  private void attach(Candidate candidate, List<Binding> to) {
    if (candidate.binding() == null) {
      bind(candidate);
    }
    Binding bond = candidate.binding();
    if (bond != null) {
      to.add(bond);
    }
  }

  private void hung(Netif netif, @Nullable Candidate candidate, String reason) {
    hung.add(new WeakReference<>(netif));
    if (candidate != null) {
      candidate.hung(reason);
    }
  }

  private void bind(Candidate candidate) {
    BoundedCall.Outcome<Binding> attached =
        BoundedCall.make(
            runtime,
            "penstock-" + slot.qualifiedName() + "-attach",
            runtime.nanoTime() + ATTACH_LIMIT,
            () -> Binding.attach(slot, rim, candidate.netif(), DETACH_LIMIT),
            late -> late.end(runtime.nanoTime() + DETACH_LIMIT));
    Binding binding = attached.result();
    Throwable thrown = attached.thrown();
    if (binding != null) {
      candidate.bound(binding);
      bonds.add(binding);
      wrap(binding);
      int queue = 0;
      for (DriverQueue agent : binding.queues()) {
        rim.drive(agent, slot.qualifiedName() + "/" + queue++);
      }
      driveWrapper(binding);
    } else if (thrown == null) {
      hung(candidate.netif(), candidate, "it hangs in attach at\n" + attached.hangsAt());
      refused(candidate, null);
    } else {
      boolean says = thrown instanceof NetifException;
      String reason = says ? String.valueOf(thrown.getMessage()) : "attach threw " + thrown;
      if (candidate.failed(reason, runtime.nanoTime())) {
        refused(candidate, says ? null : thrown);
      }
    }
  }

  private void refused(Candidate candidate, @Nullable Throwable cause) {
    rim.log(
        "driver "
            + candidate.name()
            + " can't serve "
            + slot.qualifiedName()
            + ": "
            + candidate.failure(),
        cause);
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

  private void driveWrapper(Binding bound) {
    Layer around = bound.layer();
    if (around != null) {
      int queue = 0;
      for (QueueAgent agent : around.queues()) {
        rim.drive(agent, slot.qualifiedName() + "/" + around.wrapper().name() + queue++);
      }
    }
  }

  /** Wraps a bound driver anew: the next wrapper stands before the one in its place ends. */
  private @Nullable String rewrap(Binding bound) {
    Layer before = bound.layer();
    String reason = wrap(bound);
    driveWrapper(bound);
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

  /**
   * Detaches a driver that is no longer in the way down.
   *
   * @param fenced whether nobody can be inside its transmit any more
   */
  private void unbind(Binding binding, boolean fenced) {
    boolean released = isReleased(binding);
    long deadline = runtime.nanoTime() + DETACH_LIMIT;
    BoundedCall.Outcome<Boolean> ended =
        BoundedCall.make(
            runtime,
            "penstock-" + slot.qualifiedName() + "-detach",
            deadline + DETACH_LIMIT / 2,
            () -> binding.end(deadline),
            late -> {});
    boolean clean = fenced && released && Boolean.TRUE.equals(ended.result());
    binding.writeOff();
    slot.unbound(binding);
    Candidate candidate = find(binding.netif());
    if (clean) {
      if (candidate != null && candidate.binding() == binding) {
        candidate.unbound();
      }
      return;
    }
    hung(binding.netif(), candidate, "it did not stop when it was detached");
    rim.log(
        "driver "
            + binding.name()
            + " of "
            + slot.qualifiedName()
            + " did not stop in time; its buffers are written off, and this instance is not bound"
            + " again"
            + (ended.isBack() ? "" : "; it hangs at\n" + ended.hangsAt()),
        null);
  }

  /** Has the strategy let go of its queues; who hangs in one is interrupted. */
  private boolean isReleased(Binding binding) {
    long interruptAt = runtime.nanoTime() + DETACH_LIMIT / 2;
    boolean released = true;
    for (DriverQueue queue : binding.queues()) {
      BoundedCall.Outcome<Boolean> stopped =
          BoundedCall.make(
              runtime,
              "penstock-" + slot.qualifiedName() + "-stop",
              interruptAt,
              () -> {
                queue.stop();
                return true;
              },
              late -> {});
      queue.vacate(interruptAt);
      released &= rim.release(queue, interruptAt + DETACH_LIMIT / 2);
      released &= stopped.isBack();
    }
    Layer around = binding.layer();
    if (around != null) {
      for (QueueAgent agent : around.queues()) {
        released &= rim.release(agent, runtime.nanoTime() + DETACH_LIMIT);
      }
    }
    return released;
  }
}
