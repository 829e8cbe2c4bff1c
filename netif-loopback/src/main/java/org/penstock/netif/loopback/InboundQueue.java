package org.penstock.netif.loopback;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.Schedule;
import org.penstock.api.netif.support.Segmenter;
import org.penstock.api.netif.support.WireChecksum;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;

/**
 * The frames on their way to one attached station, and the agent that delivers them.
 *
 * <p>Ports of the sending stack reserve room and offer; everything else belongs to the thread that
 * drives the agent. Frames pass from {@code offered} over {@code waiting} (taken, not yet looked
 * at) to the receiver, by way of the stage and {@code schedule} if there is a stage.
 */
final class InboundQueue implements QueueAgent, FrameStage.Arrivals {

  private static final int MOST_BATCH = 64;
  private static final int BATCH_BYTES = 1 << 20;

  private final Station station;
  private final NetifHost host;
  private final StackRuntime runtime;
  private final CallbackGate gate;
  private final int limit;

  // Senders' side.
  private final MpscQueue<WireFrame> offered = new MpscQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile boolean starved;

  // Waiting.
  private volatile @Nullable Parker sleeper;
  private volatile boolean woken;
  private volatile long due = StackRuntime.NEVER;

  // Owned by the agent's thread.
  private final Schedule schedule = new Schedule();
  private final FramePool copies;
  private @Nullable WireFrame waiting;
  private @Nullable ReceivePort port;
  private @Nullable WireFrame passing;
  private boolean arrived;
  private @Nullable Parker parker;
  private long parkerOwner;

  InboundQueue(Station station, NetifHost host, StackRuntime runtime, CallbackGate gate) {
    this.station = station;
    this.host = host;
    this.runtime = runtime;
    this.gate = gate;
    this.limit = station.queueLength();
    this.copies = new FramePool(station.largestOrdinary(), station.largestOrdinary());
  }

  // ---- senders ----

  /** Takes room for one frame, if there is any; {@link #offer} must follow. Any thread. */
  boolean reserve() {
    int seen = queued.get();
    while (seen < limit) {
      if (queued.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = queued.get();
    }
    return false;
  }

  /** Asks for {@code transmitReady} when room is made; the caller must try once more afterwards. */
  void wantRoom() {
    starved = true;
  }

  /** Queues a frame for which room was reserved; true if the agent has to be told. */
  boolean offer(WireFrame frame) {
    return offered.offer(frame);
  }

  /** Tells the agent that something was offered. Any thread. */
  void unpark() {
    Parker idle = sleeper;
    if (idle != null) {
      idle.unpark();
    }
  }

  // ---- the agent ----

  @Override
  public int work(int budget) {
    if (!gate.enter()) {
      return 0;
    }
    try {
      ReceivePort to = port;
      if (to == null) {
        to = host.openReceive(0, Math.clamp(BATCH_BYTES / station.largest(), 1, MOST_BATCH));
        port = to;
      }
      return deliver(to, budget);
    } finally {
      gate.exit();
    }
  }

  private int deliver(ReceivePort to, int budget) {
    int delivered = 0;
    while (delivered < budget) {
      int batch = fill(to.landings(), budget - delivered);
      due = waiting != null ? 0 : schedule.nextDue();
      tellRoom();
      if (batch == 0) {
        break;
      }
      station.counters().delivered.addAndGet(batch);
      to.deliver(batch);
      delivered += batch;
    }
    return delivered;
  }

  /** Fills landings with frames that are due; returns how many. */
  private int fill(Landing[] landings, int budget) {
    int most = Math.min(landings.length, budget);
    long now = runtime.nanoTime();
    FrameStage stage = station.stage();
    if (stage != null) {
      passAll(stage);
    }
    int filled = 0;
    while (filled < most) {
      WireFrame frame = next(now, stage);
      if (frame == null) {
        break;
      }
      if (station.isPlugged()) {
        frame.copyTo(landings[filled++], ReceivePort.HEADROOM);
      } else {
        station.counters().noLink.incrementAndGet();
      }
      release(frame);
    }
    return filled;
  }

  private @Nullable WireFrame next(long now, @Nullable FrameStage stage) {
    WireFrame frame = schedule.takeDue(now);
    return frame != null || stage != null ? frame : nextOffered();
  }

  private @Nullable WireFrame nextOffered() {
    WireFrame frame = waiting != null ? waiting : offered.takeAll();
    if (frame != null) {
      waiting = frame.unlink();
    }
    return frame;
  }

  private void release(WireFrame frame) {
    queued.decrementAndGet();
    frame.release();
  }

  /** After room was made: whoever found none is told, once. */
  private void tellRoom() {
    if (starved && queued.get() < limit) {
      starved = false;
      station.roomMade();
    }
  }

  // ---- the stage ----

  private void passAll(FrameStage stage) {
    for (WireFrame frame = nextOffered(); frame != null; frame = nextOffered()) {
      if (Segmenter.isSuperFrame(frame)) {
        Segmenter segmenter = new Segmenter(frame);
        while (segmenter.hasNext()) {
          WireFrame segment = copies.take(segmenter.nextLength());
          segmenter.next(segment);
          queued.incrementAndGet();
          pass(stage, segment);
        }
        release(frame);
      } else if (frame.gsoType != GsoType.NONE) {
        station.counters().refused.incrementAndGet();
        release(frame);
      } else {
        WireChecksum.complete(frame);
        pass(stage, frame);
      }
    }
  }

  private void pass(FrameStage stage, WireFrame frame) {
    passing = frame;
    arrived = false;
    try {
      stage.pass(frame.sent, frame.memory.asSlice(0, frame.length).asReadOnly(), this);
    } catch (RuntimeException broken) {
      host.failed(broken);
    } finally {
      passing = null;
      if (!arrived) {
        release(frame);
      }
    }
  }

  @Override
  public void at(long dueNanos) {
    WireFrame frame = beingPassed();
    if (arrived) {
      at(dueNanos, frame.memory.asSlice(0, frame.length));
    } else {
      // The memory keeps its octets while the stage decides: nothing is delivered meanwhile.
      arrived = true;
      frame.due = dueNanos;
      schedule.add(frame);
    }
  }

  @Override
  public void at(long dueNanos, MemorySegment octets) {
    WireFrame frame = beingPassed();
    if (octets.byteSize() > station.largestOrdinary()) {
      throw new IllegalArgumentException(
          "a frame of "
              + octets.byteSize()
              + " bytes does not pass "
              + station.name()
              + ", which takes "
              + station.largestOrdinary());
    }
    WireFrame copy = copies.take((int) octets.byteSize());
    copy.copyFrom(octets);
    copy.sent = frame.sent;
    copy.due = dueNanos;
    queued.incrementAndGet();
    schedule.add(copy);
  }

  private WireFrame beingPassed() {
    WireFrame frame = passing;
    if (frame == null) {
      throw new IllegalStateException("the stage's call that these arrivals belong to has ended");
    }
    return frame;
  }

  // ---- waiting ----

  @Override
  public void idle(long deadlineNanos) {
    Parker mine = parkerOfCaller();
    sleeper = mine;
    // Published before the conditions are looked at: whoever changes one of them later sees it.
    if (!woken) {
      long now = runtime.nanoTime();
      long until = Math.min(deadlineNanos, nextDue());
      if (until > now) {
        mine.park(until);
      }
    }
    sleeper = null;
    woken = false;
  }

  @Override
  public void wake() {
    woken = true;
    unpark();
  }

  @Override
  public long nextDue() {
    return offered.isEmpty() ? due : Math.min(due, runtime.nanoTime());
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

  // ---- the end ----

  /** Drops what is on its way and gives the landings back; after the gate was shut. */
  void close() {
    for (WireFrame frame = nextOffered(); frame != null; frame = nextOffered()) {
      lose(frame);
    }
    for (WireFrame frame = schedule.takeFirst(); frame != null; frame = schedule.takeFirst()) {
      lose(frame);
    }
    due = StackRuntime.NEVER;
    ReceivePort from = port;
    if (from != null) {
      port = null;
      from.giveBack();
    }
    tellRoom();
  }

  private void lose(WireFrame frame) {
    station.counters().noLink.incrementAndGet();
    release(frame);
  }
}
