package org.penstock.core.internal.slot;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.Section;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.ReceivePort;
import org.penstock.api.view.DropReason;
import org.penstock.core.internal.memory.Buffers;
import org.penstock.core.internal.memory.SlabPool;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.wire.EthernetFrame;

/**
 * The way up of one driver queue: frames are sorted to their cells outside of every exclusion, then
 * taken in, partition by partition, on the reader's own thread where the strategy permits, else
 * queued within a bound and posted.
 *
 * <p>Used by one thread at a time, the one that drives the queue.
 */
final class ReceiveQueue implements ReceivePort {

  /** Frames that may wait for a partition; more are dropped. */
  private static final int QUEUE_LIMIT = 1024;

  /** A frame up to this length is copied where there is no landing in exchange. */
  private static final int SMALL_FRAME = 2048;

  private final SlotCore slot;
  private final @Nullable Binding binding;
  private final int number;
  private final @Nullable CallMark mark;
  private final Rim rim;
  private final FrameInput input;
  private final LinkType link;
  private final Buffers buffers;
  private final SlabPool<Landing> pool;
  private final Landing[] landings;
  private final int[] cells;
  private final FrameBatch[] batches;
  private final AtomicInteger queued = new AtomicInteger();
  private @Nullable Landing spare;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * The way up of a queue.
   *
   * @param mark of the thread that delivers from within the driver, null where the driver pushes
   */
  ReceiveQueue(
      SlotCore slot,
      @Nullable Binding binding,
      int number,
      @Nullable CallMark mark,
      Rim rim,
      FrameInput input,
      LinkType link,
      Buffers buffers,
      SlabPool<Landing> pool,
      Landing[] landings) {
    this.slot = slot;
    this.binding = binding;
    this.number = number;
    this.mark = mark;
    this.rim = rim;
    this.input = input;
    this.link = link;
    this.buffers = buffers;
    this.pool = pool;
    this.landings = landings;
    this.cells = new int[landings.length];
    this.batches = new FrameBatch[rim.cells()];
  }

  @Override
  public Landing[] landings() {
    return landings;
  }

  int number() {
    return number;
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Has the landings stay with whoever has them: nobody else is given one of them again. */
  void writeOff() {
    closed.set(true);
  }

  @Override
  public void deliver(int count) {
    if (count < 0 || count > landings.length) {
      throw new IllegalArgumentException(
          count + " frames were delivered to a port of " + landings.length + " landings");
    }
    if (closed.get()) {
      return;
    }
    // However long the stack takes for them, it is not the driver that hangs.
    CallMark inside = mark != null && mark.isInside() ? mark : null;
    if (inside != null) {
      inside.leave();
    }
    try {
      int left = binding == null ? count : binding.receive(landings, count);
      if (left > 0) {
        take(left);
      }
    } catch (Throwable e) {
      // The stack's own affair; the driver must not be taken for the one who threw.
      rim.thrown("frames", slot, e);
    } finally {
      if (inside != null) {
        inside.enter();
      }
    }
  }

  private void take(int count) {
    slot.received(landings, count);
    boolean standsBy = binding != null && slot.standsBy(binding);
    for (int i = 0; i < count; i++) {
      if (standsBy && isToGroup(landings[i])) {
        slot.droppedOutside(DropReason.STANDBY, landings[i]);
        cells[i] = -1;
      } else {
        cells[i] = input.cellOf(link, landings[i]);
      }
    }
    int partitions = rim.partitions();
    int done = 0;
    for (int i = 0; i < count && done < count; i++) {
      if (cells[i] >= 0) {
        done += deliverPartition(i, count, partitions);
      }
    }
  }

  @Override
  public void giveBack() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (Landing landing : landings) {
      landing.release();
    }
    if (spare != null) {
      spare.release();
      spare = null;
    }
  }

  /**
   * True for a frame that every station of the link gets, the driver at work too. What is for our
   * station alone is taken also from a standby: a switch has not learned yet of the move, or has
   * forgotten where we are.
   */
  private boolean isToGroup(Landing frame) {
    return link == LinkType.ETHERNET
        && frame.length() >= EthernetFrame.HEADER_LENGTH
        && EthernetFrame.isGroup(EthernetFrame.destination(frame.segment(), frame.offset()));
  }

  /** Delivers the frame at {@code first} and all behind it that lie in the same partition. */
  private int deliverPartition(int first, int count, int partitions) {
    int partition = cells[first] % partitions;
    FrameBatch batch = batch(cells[first]);
    batch.clear();
    for (int i = first; i < count; i++) {
      if (cells[i] >= 0 && cells[i] % partitions == partition) {
        batch.add(i, cells[i]);
        cells[i] = -1;
      }
    }
    int taken = batch.size;
    if (rim.deliver(batch)) {
      // What lies elsewhere since the partitions were cut anew finds its own way.
      batch.keepOthers();
    }
    enqueue(batch);
    return taken;
  }

  private void enqueue(FrameBatch batch) {
    if (batch.size == 0) {
      return;
    }
    QueuedFrames frames = new QueuedFrames(batch.cellOf[0], batch.size);
    for (int i = 0; i < batch.size; i++) {
      int index = batch.indexes[i];
      Landing exchange = queued.get() < QUEUE_LIMIT ? takeSpare() : null;
      if (exchange != null) {
        frames.add(landings[index], batch.cellOf[i]);
        landings[index] = exchange;
        queued.incrementAndGet();
      } else {
        copyOrDrop(landings[index], batch.cellOf[i], frames);
      }
    }
    if (frames.size > 0) {
      rim.post(frames);
    }
  }

  private void copyOrDrop(Landing frame, int cell, QueuedFrames frames) {
    boolean room = queued.get() < QUEUE_LIMIT && frame.length() <= SMALL_FRAME;
    Landing copy = room ? buffers.receiveBuffer() : null;
    if (copy == null) {
      slot.droppedOutside(DropReason.NO_BUFFER, frame);
      return;
    }
    MemorySegment.copy(frame.segment(), frame.offset(), copy.segment(), 0, frame.length());
    copy.describe(0, frame.length(), frame.queue());
    copy.checksum(frame.checksum());
    copy.gso(frame.gsoType(), frame.gsoSize(), frame.headerLength());
    frames.add(copy, cell);
    queued.incrementAndGet();
  }

  private @Nullable Landing takeSpare() {
    Landing taken = spare != null ? spare : pool.take();
    spare = null;
    return taken;
  }

  private FrameBatch batch(int cell) {
    FrameBatch batch = batches[cell];
    if (batch == null) {
      batch = new FrameBatch(cell);
      batches[cell] = batch;
    }
    return batch;
  }

  /** Frames taken in on the reader's own thread: indexes into the port's landings. */
  private final class FrameBatch extends Section {
    private final int[] indexes = new int[landings.length];
    private final int[] cellOf = new int[landings.length];
    private int size;
    private int others;

    FrameBatch(int cell) {
      super(cell);
    }

    void clear() {
      size = 0;
      others = 0;
    }

    /** Leaves those frames that were not in the partition that took the batch. */
    void keepOthers() {
      size = others;
    }

    void add(int index, int cell) {
      indexes[size] = index;
      cellOf[size++] = cell;
    }

    @Override
    protected void run() {
      for (int i = 0; i < size; i++) {
        if (spare == null) {
          spare = pool.take();
        }
        int index = indexes[i];
        if (!rim.isInside(cellOf[i])) {
          indexes[others] = index;
          cellOf[others++] = cellOf[i];
          continue;
        }
        rim.touch(cellOf[i]);
        // An exception drops this packet; the others go on.
        try {
          if (input.frame(slot, link, cellOf[i], landings[index], spare != null)) {
            landings[index] = exchange();
          }
        } catch (RuntimeException e) {
          slot.broken(cellOf[i], landings[index], e);
        }
      }
    }

    private Landing exchange() {
      Landing taken = spare;
      if (taken == null) {
        throw new IllegalStateException("a landing was kept that was not to be kept");
      }
      spare = null;
      return taken;
    }
  }

  /** Frames that wait for their partition; they own their landings. */
  private final class QueuedFrames extends Section {
    private final Landing[] frames;
    private final int[] cellOf;
    private int size;

    QueuedFrames(int cell, int most) {
      super(cell);
      this.frames = new Landing[most];
      this.cellOf = new int[most];
    }

    void add(Landing frame, int cell) {
      frames[size] = frame;
      cellOf[size++] = cell;
    }

    @Override
    protected void run() {
      queued.addAndGet(-size);
      for (int i = 0; i < size; i++) {
        if (!rim.isInside(cellOf[i])) {
          // The partitions were cut anew while it waited: the rest finds its own way.
          repost(i);
          continue;
        }
        rim.touch(cellOf[i]);
        boolean kept = false;
        try {
          kept = input.frame(slot, link, cellOf[i], frames[i], true);
        } catch (RuntimeException e) {
          slot.broken(cellOf[i], frames[i], e);
        }
        if (!kept) {
          frames[i].release();
        }
      }
    }

    private void repost(int index) {
      QueuedFrames one = new QueuedFrames(cellOf[index], 1);
      one.add(frames[index], cellOf[index]);
      queued.incrementAndGet();
      rim.post(one);
    }
  }
}
