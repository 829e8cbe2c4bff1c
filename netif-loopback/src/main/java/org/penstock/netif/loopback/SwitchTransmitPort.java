package org.penstock.netif.loopback;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.TransmitPort;
import org.penstock.api.netif.support.CallbackGate;
import org.penstock.api.netif.support.FramePool;
import org.penstock.api.netif.support.WireFrame;
import org.penstock.api.runtime.StackRuntime;

/**
 * Takes frames into a switch and puts them into the queues of the ports they are for. Has its own
 * memory; each port that a frame goes to gets a copy.
 */
final class SwitchTransmitPort implements TransmitPort {

  private static final int ETHERNET_HEADER = 14;
  private static final long GROUP_BIT = 1L << 40;
  private static final ValueLayout.OfLong BIG_ENDIAN =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  // IEEE 802.1Q §8.6.3: 01-80-c2-00-00-00 to -0f are for the device at the other end of the wire
  // alone, and pass no switch.
  private static final long LINK_LOCAL_GROUPS = 0x0180_c200_0000L;
  private static final long LINK_LOCAL_MASK = 0xffff_ffff_fff0L;

  private final Fabric fabric;
  private final SwitchPort from;
  private final StackRuntime runtime;
  private final CallbackGate gate;
  private final FramePool pool;
  private final @Nullable InboundQueue[] toTell;
  private int tells;
  private volatile boolean closed;

  SwitchTransmitPort(Fabric fabric, SwitchPort from, StackRuntime runtime, CallbackGate gate) {
    this.fabric = fabric;
    this.from = from;
    this.runtime = runtime;
    this.gate = gate;
    this.pool = new FramePool(from.largestOrdinary(), from.largest());
    this.toTell = new @Nullable InboundQueue[fabric.size()];
  }

  @Override
  public int transmit(OutboundFrame[] frames, int count) {
    if (closed || gate.isShut()) {
      return 0;
    }
    WireCounters counters = from.sentCounters();
    if (from.linkUp()) {
      long now = runtime.nanoTime();
      for (int i = 0; i < count; i++) {
        OutboundFrame frame = frames[i];
        if (frame.length() >= ETHERNET_HEADER && from.takes(frame)) {
          take(frame, now);
        } else {
          counters.refused.incrementAndGet();
        }
      }
      tellAll();
    } else {
      counters.noLink.addAndGet(count);
    }
    counters.sent.addAndGet(count);
    return count;
  }

  private void take(OutboundFrame frame, long now) {
    WireFrame copy = pool.take(frame.length());
    copy.copyFrom(frame);
    copy.sent = now;
    long destination = address(copy.memory, 0);
    long source = address(copy.memory, 6);
    if ((source & GROUP_BIT) == 0) {
      fabric.addresses().learn(source, from.index(), now);
    }
    if ((destination & LINK_LOCAL_MASK) == LINK_LOCAL_GROUPS) {
      filter(copy);
      return;
    }
    int port = (destination & GROUP_BIT) != 0 ? AddressTable.UNKNOWN : known(destination, now);
    if (port == from.index()) {
      filter(copy);
      return;
    }
    SwitchPort to = port == AddressTable.UNKNOWN ? null : fabric.port(port);
    InboundQueue queue = to == null ? null : to.reachable();
    if (to == null || queue == null) {
      flood(copy);
    } else if (hasRoom(to, queue)) {
      offer(queue, copy);
    } else {
      copy.release();
    }
  }

  private int known(long destination, long now) {
    return fabric.addresses().find(destination, now);
  }

  private void filter(WireFrame frame) {
    from.filtered.incrementAndGet();
    frame.release();
  }

  private void flood(WireFrame frame) {
    from.flooded.incrementAndGet();
    for (int i = 0; i < fabric.size(); i++) {
      SwitchPort to = fabric.port(i);
      InboundQueue queue = to == from ? null : to.reachable();
      if (queue != null && hasRoom(to, queue)) {
        WireFrame copy = pool.take(frame.length);
        copy.copyFrom(frame);
        offer(queue, copy);
      }
    }
    frame.release();
  }

  private static boolean hasRoom(SwitchPort to, InboundQueue queue) {
    boolean reserved = queue.reserve();
    if (!reserved) {
      to.counters().full.incrementAndGet();
    }
    return reserved;
  }

  private void offer(InboundQueue queue, WireFrame frame) {
    if (queue.offer(frame)) {
      // Told when all have been offered, so that whoever it wakes finds more than one.
      if (tells == toTell.length) {
        tellAll();
      }
      toTell[tells++] = queue;
    }
  }

  private void tellAll() {
    while (tells > 0) {
      InboundQueue queue = toTell[--tells];
      toTell[tells] = null;
      if (queue != null) {
        queue.unpark();
      }
    }
  }

  /** The address at an offset; two more octets follow it in every frame. */
  private static long address(MemorySegment frame, long offset) {
    return frame.get(BIG_ENDIAN, offset) >>> Short.SIZE;
  }

  @Override
  public void close() {
    closed = true;
  }
}
