package org.penstock.core.internal.slot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.LinkState;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.QueueAgent;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.internal.rim.Rim;

/**
 * The bond between a slot and one driver, from attach to detach; what the driver sees of the slot.
 * After it has ended it does nothing, so that a late callback of a driver finds no one.
 *
 * <p>A driver is somebody else's code. Whatever it throws ends here and has the bond {@linkplain
 * #fail failed}: from then on nothing is sent by it, and the slot is told to find another.
 */
final class Binding implements NetifHost, Election.Member {

  private final SlotCore slot;
  private final Rim rim;
  private final Netif netif;
  private final String name;
  private final AtomicReferenceArray<@Nullable Lane> lanes;
  private final List<DriverQueue> queues = new ArrayList<>();
  private final List<ReceiveQueue> receiving = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final long dropsBefore;
  private volatile long dropsSeen;
  private volatile NetifCapabilities driverCapabilities;
  private volatile Way way;
  private volatile LinkState link = LinkState.DOWN;

  /** From the beginning, until the link has come and gone and come again. */
  private volatile long upSince = Long.MIN_VALUE / 2;

  private volatile boolean hadLink;

  private volatile int ranking;
  private volatile @Nullable NetifAttachment attachment;
  private volatile boolean stuck;
  private volatile boolean ended;

  private Binding(SlotCore slot, Rim rim, Netif netif) {
    this.slot = slot;
    this.rim = rim;
    this.netif = netif;
    this.name = netif.name();
    this.driverCapabilities = netif.capabilities();
    this.way = new Way(driverCapabilities, null);
    // A partition has a cell at least; one that a thread hangs in keeps its lane, beside those of
    // the strategy that followed.
    this.lanes = new AtomicReferenceArray<>(2 * rim.cells());
    this.dropsBefore = netif.drops();
    this.dropsSeen = dropsBefore;
  }

  /**
   * Attaches a driver. Runs its code, which may throw and hang.
   *
   * @param detachLimit how long it may take to take that back where it can't be used, in
   *     nanoseconds
   */
  static Binding attach(SlotCore slot, Rim rim, Netif netif, long detachLimit)
      throws NetifException {
    Binding binding = new Binding(slot, rim, netif);
    if (binding.driverCapabilities.retains()) {
      throw new NetifException("it retains frames, which this version does not support");
    }
    NetifAttachment bond = netif.attach(binding);
    binding.attachment = bond;
    try {
      for (QueueAgent agent : bond.queues()) {
        binding.queues.add(new DriverQueue(binding, slot, agent));
      }
      binding.link = bond.link();
      binding.hadLink = binding.link.up();
      // Attaching may have changed them: a device is looked at again.
      binding.driverCapabilities = netif.capabilities();
      binding.way = new Way(binding.driverCapabilities, null);
      return binding;
    } catch (Throwable e) {
      binding.end(rim.runtime().nanoTime() + detachLimit);
      throw e;
    }
  }

  Netif netif() {
    return netif;
  }

  String name() {
    return name;
  }

  /** What the slot may ask for: what the driver can, within what a wrapper lets through. */
  NetifCapabilities capabilities() {
    return way.capabilities;
  }

  /** What is around the driver. */
  @Nullable Layer layer() {
    return way.layer;
  }

  /**
   * Puts a wrapper around the driver in place of what is there; null takes that away. The caller
   * ends the one before, and has the new one's queues driven.
   *
   * @throws NetifException if it can't wrap this driver; then there is nothing around it
   */
  void wrap(@Nullable NetifWrapper wrapper) throws NetifException {
    NetifAttachment bond = attachment;
    NetifCapabilities driver = driverCapabilities;
    Way next = new Way(driver, null);
    try {
      if (wrapper != null && bond != null) {
        Layer made = new Layer(slot, this, wrapper, bond, driver);
        next = new Way(made.over(driver), made);
      }
    } finally {
      way = next;
    }
  }

  /** Shows frames on their way up to the wrapper; returns how many go on. */
  int receive(Landing[] frames, int count) {
    Layer around = way.layer;
    return around == null ? count : around.receive(frames, count);
  }

  @Override
  public int ranking() {
    return ranking;
  }

  void ranking(int changed) {
    ranking = changed;
  }

  @Override
  public boolean isUp() {
    return link.up() && !hasFailed();
  }

  @Override
  public long upSince() {
    return upSince;
  }

  /** What the driver has dropped by itself since it was bound. */
  long drops() {
    if (!ended) {
      try {
        dropsSeen = netif.drops();
      } catch (Throwable e) {
        threw("drops", e);
      }
    }
    return dropsSeen - dropsBefore;
  }

  List<DriverQueue> queues() {
    return queues;
  }

  // ---- failure

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Why it has failed, or null. */
  @Nullable String failure() {
    return failure.get();
  }

  /** True if a thread was found hanging in it. */
  boolean isStuck() {
    return stuck;
  }

  /** The driver threw. From any thread. */
  void threw(String call, Throwable e) {
    fail(call + " threw " + e, e);
  }

  /** The driver can't be used any more; the first reason counts. From any thread. */
  void fail(String reason, @Nullable Throwable cause) {
    if (!ended && failure.compareAndSet(null, reason)) {
      slot.driverFailed(this, reason, cause);
    }
  }

  /** Looks whether a thread hangs in the driver's code; by the watchdog. */
  void watch() {
    for (int i = 0; i < lanes.length(); i++) {
      Lane lane = lanes.get(i);
      if (lane != null) {
        int looks = lane.mark().look();
        if (looks >= Watchdog.PATIENCE) {
          hangs("transmit", looks, lane.mark(), lane.thread());
        }
      }
    }
    for (DriverQueue queue : queues) {
      int looks = queue.mark().look();
      if (looks >= Watchdog.PATIENCE) {
        hangs("work", looks, queue.mark(), queue.thread());
      }
    }
  }

  private void hangs(String call, int looks, CallMark mark, @Nullable RuntimeThread in) {
    if (looks == Watchdog.PATIENCE) {
      stuck = true;
      fail("it hangs in " + call + (in == null ? "" : " at\n" + in.stackTrace().strip()), null);
    } else {
      mark.interrupt(in);
    }
  }

  // ---- the way down

  /**
   * Gives frames to the driver, inside the partition that has the port; returns how many it took.
   */
  int transmit(int port, OutboundFrame[] frames, int count, NetifCapabilities madeFor) {
    NetifAttachment bond = attachment;
    Way seen = way;
    if (!seen.capabilities.equals(madeFor)) {
      return 0;
    }
    Lane lane = lanes.get(port);
    if (lane == null) {
      lane = new Lane(this, slot);
      lanes.set(port, lane);
    }
    return bond == null || ended ? 0 : lane.transmit(bond, seen.layer, frames, count);
  }

  // ---- the end

  /**
   * Ends the bond; nobody is inside {@code transmit} and no queue is driven any more. Runs the
   * driver's code, which may throw and hang.
   *
   * @return true if the driver has stopped and has given everything back
   */
  boolean end(long deadlineNanos) {
    NetifAttachment bond = attachment;
    boolean stopped = true;
    if (bond != null) {
      Layer around = way.layer;
      boolean unwrapped = around == null || around.end(deadlineNanos);
      for (int i = 0; i < lanes.length(); i++) {
        Lane lane = lanes.get(i);
        if (lane != null) {
          close(lane);
        }
      }
      try {
        stopped = bond.detach(deadlineNanos) && unwrapped;
      } catch (Throwable e) {
        rim.thrown("detach of a driver", netif, e);
        stopped = false;
      }
    }
    drops();
    ended = true;
    return stopped;
  }

  private void close(Lane lane) {
    try {
      lane.close();
    } catch (Throwable e) {
      rim.thrown("closing a transmit port", netif, e);
    }
  }

  /** Takes no notice of the driver any more, and what it was lent is never used again. */
  void writeOff() {
    ended = true;
    receiving.forEach(ReceiveQueue::writeOff);
  }

  // ---- what the driver calls

  @Override
  public String slot() {
    return slot.qualifiedName();
  }

  @Override
  public MacAddress mac() {
    return slot.mac();
  }

  @Override
  public StackRuntime runtime() {
    return slot.runtime();
  }

  @Override
  public ReceivePort openReceive(int queue, int batch) {
    if (ended) {
      throw new IllegalStateException(
          "the attachment of " + name + " to " + slot() + " has ended: nothing is received");
    }
    for (ReceiveQueue open : receiving) {
      if (open.number() == queue && !open.isClosed()) {
        throw new IllegalStateException(
            "queue " + queue + " of " + name + " at " + slot() + " is open already");
      }
    }
    CallMark mark = queue < queues.size() ? queues.get(queue).mark() : null;
    ReceiveQueue opened = slot.openReceive(this, driverCapabilities, queue, batch, mark);
    receiving.add(opened);
    return opened;
  }

  @Override
  public void linkChanged(LinkState state) {
    if (!ended) {
      if (state.up() && !link.up() && hadLink) {
        upSince = slot.runtime().nanoTime();
      }
      hadLink |= state.up();
      link = state;
      slot.linkChanged(this);
    }
  }

  @Override
  public void capabilitiesChanged() {
    if (!ended) {
      try {
        driverCapabilities = netif.capabilities();
      } catch (Throwable e) {
        threw("capabilities", e);
        return;
      }
      if (way.layer != null) {
        slot.rewrap();
        return;
      }
      way = new Way(driverCapabilities, null);
      slot.linkChanged(this);
    }
  }

  @Override
  public void transmitReady() {
    if (!ended) {
      Layer around = way.layer;
      if (around != null) {
        around.driverReady();
      }
      slot.transmitReady(this);
    }
  }

  @Override
  public void failed(Throwable cause) {
    fail(String.valueOf(cause.getMessage()), null);
  }

  /** What frames pass, as a whole: whoever has made one for its capabilities passes its layer. */
  private record Way(NetifCapabilities capabilities, @Nullable Layer layer) {}
}
