package org.penstock.core.internal.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stack's memory: the bytes of all slabs, held against a limit, and how much of them is in use. A
 * slab is held for ever; in use is what is out of its pool. From any thread.
 */
public final class MemoryAccount {

  /** What is in use moves by so much of the limit before the pressure is looked at again. */
  private static final int STEPS = 64;

  private static final long LARGEST_STEP = 64 << 10;

  private static final VarHandle POOLS;

  static {
    try {
      POOLS = MethodHandles.lookup().findVarHandle(MemoryAccount.class, "pools", SlabPool[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private volatile SlabPool<?>[] pools = {};
  private volatile MemoryPressure pressure = MemoryPressure.NONE;

  /** An empty account. */
  public MemoryAccount(long limit) {
    this.limit = limit;
  }

  /** Charges bytes, if the limit allows. */
  public boolean charge(long bytes) {
    long now = held.addAndGet(bytes);
    if (now > limit) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Gives bytes back. */
  public void refund(long bytes) {
    held.addAndGet(-bytes);
  }

  /** Bytes held at this moment. */
  public long held() {
    return held.get();
  }

  /** The limit in bytes. */
  public long limit() {
    return limit;
  }

  /** Above that many bytes in use nothing grows any more: three quarters of the limit. */
  public long softLimit() {
    return limit - limit / 4;
  }

  /** Above that many nothing new is begun: seven eighths. The rest is for what ends things. */
  public long hardLimit() {
    return limit - limit / 8;
  }

  /** Bytes in use. */
  public long used() {
    long used = 0;
    for (SlabPool<?> pool : pools) {
      used += (long) pool.taken() * pool.pieceBytes();
    }
    return used;
  }

  /** How scarce memory is, to within some pieces of each pool. */
  public MemoryPressure pressure() {
    return pressure;
  }

  /** Counts what is out of a pool as in use. */
  void watch(SlabPool<?> pool) {
    SlabPool<?>[] before;
    SlabPool<?>[] after;
    do {
      before = pools;
      after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = pool;
    } while (!POOLS.compareAndSet(this, before, after));
  }

  /** After how many pieces of a size to {@link #reconsider}, a power of two. */
  int step(int pieceBytes) {
    long bytes = Math.min(LARGEST_STEP, limit / STEPS);
    return Integer.highestOneBit((int) Math.max(1, bytes / pieceBytes));
  }

  /** What is in use has changed by a step. */
  void reconsider() {
    long used = used();
    MemoryPressure now =
        used > hardLimit()
            ? MemoryPressure.HARD
            : used > softLimit() ? MemoryPressure.SOFT : MemoryPressure.NONE;
    // It is read all the time and changes seldom, so its cache line is left alone.
    if (now != pressure) {
      pressure = now;
    }
  }
}
