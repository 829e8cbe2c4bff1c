package org.penstock.core.internal.ip;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.Gate;
import org.penstock.core.internal.cell.Cell;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;

/**
 * The way of packets to our own addresses: an interface without a device, of which each stack has
 * one. Like a driver's {@code transmit} its own never delivers: it copies the packet into the queue
 * of the flow's cell, bounded, and posts that cell's section. May be called from any cell.
 */
final class LocalLink implements SlotLink {

  /** No slot of the stack's has this number. */
  static final int NUMBER = -1;

  static final int MTU = 65_535;

  /** Packets that wait for one cell, at most. */
  static final int MOST_WAITING = 128;

  /** Packets delivered at a time. */
  private static final int BATCH = 64;

  private static final int LARGE_BYTES = 64 * 1024;

  // Nothing can change a packet on its way through memory: checksums are left out, both ways.
  private static final NetifCapabilities CAPABILITIES =
      new NetifCapabilities(LinkType.IP, MTU, true, true, 0, 0, MTU, 0, Integer.MAX_VALUE, false);

  /** Where its packets go. */
  interface Receiver {
    /** The home of a packet; from any cell. */
    int cellOf(SlotLink slot, Landing frame);

    /** Takes a packet inside its home; true if the landing was kept. */
    boolean frame(SlotLink slot, int cell, Landing frame, boolean mayKeep);
  }

  private final Gate gate;
  private final Cell[] cells;
  private final Buffers buffers;
  private final SlabPool<Landing> large;
  private final Queue[] queues;
  private final Resumption[] resumptions;
  private final AtomicInteger blocked = new AtomicInteger();
  private @Nullable Receiver input;
  private IntConsumer resume = cell -> {};

  LocalLink(Gate gate, Cell[] cells, Buffers buffers) {
    this.gate = gate;
    this.cells = cells;
    this.buffers = buffers;
    int most = Math.clamp(buffers.account().limit() / LARGE_BYTES, 16, 4096);
    this.large = buffers.landings(LARGE_BYTES, most);
    this.queues = new Queue[cells.length];
    this.resumptions = new Resumption[cells.length];
    for (int i = 0; i < cells.length; i++) {
      queues[i] = new Queue(i);
      resumptions[i] = new Resumption(i);
    }
  }

  /**
   * Opens the way up; before the first packet.
   *
   * @param waiters is told, inside a cell that was refused, that there is room again
   */
  void open(Receiver up, IntConsumer waiters) {
    this.input = up;
    this.resume = waiters;
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public MacAddress mac() {
    return MacAddress.ZERO;
  }

  @Override
  public LinkType linkType() {
    return LinkType.IP;
  }

  @Override
  public int mtu() {
    return MTU;
  }

  @Override
  public NetifCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public boolean isUp() {
    return input != null;
  }

  @Override
  public boolean transmit(int cell, OutboundFrame frame, NetifCapabilities madeFor) {
    Receiver up = input;
    if (up == null) {
      return false;
    }
    Landing landing =
        frame.length() <= Buffers.RECEIVE_BYTES ? buffers.receiveBuffer() : large.take();
    if (landing == null) {
      dropped(cell, DropReason.NO_BUFFER, null);
      return true;
    }
    frame.copyTo(landing.segment(), 0);
    landing.describe(0, frame.length(), 0);
    if (frame.hasPartialChecksum()) {
      landing.checksum(ChecksumState.PARTIAL);
    }
    Queue queue = queues[up.cellOf(this, landing)];
    if (queue.offer(landing)) {
      return true;
    }
    landing.release();
    resumptions[cell].request(queue);
    return false;
  }

  @Override
  public void dropped(int cell, DropReason reason, @Nullable Landing frame) {
    cells[cell].drop(reason);
  }

  @Override
  public void conflict(IpAddress address, MacAddress other) {
    throw new IllegalStateException("nobody else is on the link to ourselves");
  }

  /** The packets that wait for one cell. */
  private final class Queue extends Section {
    private final AtomicReference<@Nullable Landing> newest = new AtomicReference<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean posted = new AtomicBoolean();

    // Taken over from the other cells, oldest first; owned by this one.
    private @Nullable Landing first;
    private @Nullable Landing last;

    Queue(int cell) {
      super(cell);
    }

    boolean isFull() {
      return size.get() >= MOST_WAITING;
    }

    /** Appends a packet; from any cell. */
    boolean offer(Landing landing) {
      if (size.incrementAndGet() > MOST_WAITING) {
        size.decrementAndGet();
        return false;
      }
      Landing seen;
      do {
        seen = newest.get();
        landing.next(seen);
      } while (!newest.compareAndSet(seen, landing));
      wake();
      return true;
    }

    @Override
    protected void run() {
      posted.set(false);
      takeOver();
      try {
        for (int i = 0; i < BATCH; i++) {
          Landing landing = poll();
          if (landing == null) {
            return;
          }
          deliver(landing);
        }
      } finally {
        // Also when a protocol threw: that packet is lost, the others are not.
        if (first != null) {
          wake();
        }
        if (blocked.get() > 0) {
          resumeAll();
        }
      }
    }

    private void deliver(Landing landing) {
      Receiver up = input;
      // Where a protocol throws, nobody knows who has the landing: it is written off, never reused.
      if (up == null || !up.frame(LocalLink.this, cell(), landing, true)) {
        landing.release();
      }
    }

    private void wake() {
      if (posted.compareAndSet(false, true)) {
        gate.post(this);
      }
    }

    /** Takes what was offered, newest first, and appends it in the right order. */
    private void takeOver() {
      Landing landing = newest.getAndSet(null);
      Landing newLast = landing;
      Landing chain = null;
      while (landing != null) {
        Landing older = landing.next();
        landing.next(chain);
        chain = landing;
        landing = older;
      }
      if (chain == null) {
        return;
      }
      if (last == null) {
        first = chain;
      } else {
        last.next(chain);
      }
      last = newLast;
    }

    private @Nullable Landing poll() {
      Landing landing = first;
      if (landing != null) {
        first = landing.next();
        if (first == null) {
          last = null;
        }
        landing.next(null);
        size.decrementAndGet();
      }
      return landing;
    }
  }

  private void resumeAll() {
    for (Resumption resumption : resumptions) {
      resumption.resumeIfWanted();
    }
  }

  /** Tells the waiters of a cell that there is room again. */
  private final class Resumption extends Section {
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean posted = new AtomicBoolean();

    Resumption(int cell) {
      super(cell);
    }

    /** Asks to be told; from inside the cell that was refused. */
    void request(Queue queue) {
      if (wanted.compareAndSet(false, true)) {
        blocked.incrementAndGet();
      }
      // It may have been emptied just before it could know that somebody waits.
      if (!queue.isFull()) {
        resumeIfWanted();
      }
    }

    void resumeIfWanted() {
      if (wanted.compareAndSet(true, false)) {
        blocked.decrementAndGet();
        if (posted.compareAndSet(false, true)) {
          gate.post(this);
        }
      }
    }

    @Override
    protected void run() {
      posted.set(false);
      resume.accept(cell());
    }
  }
}
