package org.penstock.netif.fault;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.impairment.Arrival;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.Schedule;
import org.penstock.api.netif.support.Segmenter;
import org.penstock.api.netif.support.WireChecksum;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.MpscQueue;

/**
 * One direction around one driver: frames are offered by any thread, judged in the order in which
 * they came, wait for their time, and leave.
 *
 * <p>Whoever brings frames or finds some due pumps; the first to say so does it for all, the others
 * go on at once, and what they have brought is found by the one who pumps.
 */
abstract class Lane {

  private static final int LARGEST = 65_535 + 14;

  final Direction direction;
  final StackRuntime runtime;
  private final LinkType linkType;
  private final int ordinary;

  private final MpscQueue<WireFrame> offered = new MpscQueue<>();
  private final AtomicLong held = new AtomicLong();
  private final AtomicBoolean pumping = new AtomicBoolean();
  private volatile long due = StackRuntime.NEVER;

  // Owned by whoever pumps.
  private final Schedule schedule = new Schedule();
  private final FramePool copies;
  private final long[] told = new long[Impairment.values().length];
  private Direction.Plan plan;
  private ImpairmentModel model;
  private long lastSent = Long.MIN_VALUE;

  Lane(Direction direction, StackRuntime runtime, NetifCapabilities driver) {
    this.direction = direction;
    this.runtime = runtime;
    this.linkType = driver.linkType();
    this.ordinary = driver.mtu() + FaultInjector.linkHeader(driver);
    this.copies = new FramePool(ordinary, ordinary);
    this.plan = direction.plan();
    this.model = new ImpairmentModel(plan.network(), linkType, plan.seed());
  }

  /** Octets of the longest frame that is not a super-frame. */
  final int ordinary() {
    return ordinary;
  }

  final LinkType linkType() {
    return linkType;
  }

  /** Memory for whoever offers: one thread at a time. */
  final FramePool pool() {
    return new FramePool(ordinary, Math.max(ordinary, LARGEST));
  }

  // ---- those who offer ----

  /** True if there is memory for more. */
  final boolean hasRoom() {
    return held.get() < direction.plan().memory();
  }

  /** Brings a frame; {@link #pump} must follow. */
  final void offer(WireFrame frame) {
    hold(frame);
    offered.offer(frame);
  }

  /** When the next frame is due, by what is known now. */
  final long nextDue() {
    return offered.isEmpty() ? due : Math.min(due, runtime.nanoTime());
  }

  /**
   * Judges what was offered and has leave what is due, unless somebody is at it already.
   *
   * @return frames that left
   */
  final int pump(int budget) {
    int moved = 0;
    boolean more = true;
    while (more && moved < budget && pumping.compareAndSet(false, true)) {
      try {
        judge();
        moved += leave(runtime.nanoTime(), budget - moved);
        due = isBlocked() ? StackRuntime.NEVER : schedule.nextDue();
      } finally {
        pumping.set(false);
      }
      more = !offered.isEmpty();
    }
    return moved;
  }

  /** Has everything leave now; nobody else is at it. */
  final void flush() {
    judge();
    leave(StackRuntime.NEVER, Integer.MAX_VALUE);
    for (WireFrame left = schedule.takeFirst(); left != null; left = schedule.takeFirst()) {
      direction.overflow.incrementAndGet();
      release(left);
    }
    due = StackRuntime.NEVER;
  }

  // ---- whoever pumps ----

  /**
   * Has frames leave that are due, by {@link #takeDue}.
   *
   * @return how many left
   */
  abstract int leave(long nowNanos, int budget);

  /** True if nothing leaves until somebody else says so. */
  abstract boolean isBlocked();

  final @Nullable WireFrame takeDue(long nowNanos) {
    return schedule.takeDue(nowNanos);
  }

  /** Puts a frame that could not leave back to the front. */
  final void putBack(WireFrame frame) {
    frame.due = Long.MIN_VALUE;
    schedule.add(frame);
  }

  final void release(WireFrame frame) {
    long octets = frame.memory.byteSize();
    held.addAndGet(-octets);
    direction.held.addAndGet(-octets);
    frame.release();
  }

  private void hold(WireFrame frame) {
    long octets = frame.memory.byteSize();
    held.addAndGet(octets);
    direction.held.addAndGet(octets);
  }

  private void judge() {
    follow();
    WireFrame frame = offered.takeAll();
    while (frame != null) {
      WireFrame next = frame.unlink();
      if (Segmenter.isSuperFrame(frame)) {
        Segmenter segmenter = new Segmenter(frame);
        while (segmenter.hasNext()) {
          if (segmenter.nextLength() > ordinary) {
            direction.refused.incrementAndGet();
            break;
          }
          WireFrame segment = copies.take(segmenter.nextLength());
          hold(segment);
          segmenter.next(segment);
          judge(segment);
        }
        release(frame);
      } else if (frame.gsoType != GsoType.NONE || frame.length > ordinary) {
        direction.refused.incrementAndGet();
        release(frame);
      } else {
        WireChecksum.complete(frame);
        judge(frame);
      }
      frame = next;
    }
    tell();
  }

  /** Takes a changed plan over. */
  private void follow() {
    Direction.Plan wanted = direction.plan();
    if (wanted.equals(plan)) {
      return;
    }
    if (wanted.seed() != plan.seed()) {
      tell();
      model = new ImpairmentModel(wanted.network(), linkType, wanted.seed());
      Arrays.fill(told, 0);
    } else {
      model.config(wanted.network());
    }
    plan = wanted;
  }

  private void judge(WireFrame frame) {
    direction.frames.incrementAndGet();
    // Threads that offer at a time may have read the clock in another order.
    lastSent = Math.max(lastSent, frame.sent);
    MemorySegment octets = frame.memory.asSlice(0, frame.length);
    List<Arrival> arrivals = model.decide(lastSent, octets);
    // The copies first: the frame itself may be changed by its own arrival.
    for (int i = 1; i < arrivals.size(); i++) {
      WireFrame copy = copies.take(frame.length);
      copy.copyFrom(octets);
      copy.sent = frame.sent;
      hold(copy);
      arrives(copy, arrivals.get(i));
    }
    if (arrivals.isEmpty()) {
      release(frame);
    } else {
      arrives(frame, arrivals.getFirst());
    }
  }

  private void arrives(WireFrame frame, Arrival arrival) {
    if (arrival.isChanged()) {
      arrival.change(linkType, frame.memory.asSlice(0, frame.length));
    }
    frame.due = arrival.dueNanos();
    schedule.add(frame);
  }

  private void tell() {
    for (Impairment impairment : Impairment.values()) {
      int index = impairment.ordinal();
      long now = model.count(impairment);
      if (now != told[index]) {
        direction.impairments.addAndGet(index, now - told[index]);
        told[index] = now;
      }
    }
  }
}
