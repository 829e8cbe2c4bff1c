package org.penstock.core.internal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A pool of equal pieces of off-heap memory, cut from slabs that are made when needed and charged
 * to an account. From any thread; taking blocks never and allocates only while the pool grows.
 *
 * <p>Slabs belong to the garbage collector ({@link Arena#ofAuto}): a piece that is never returned
 * keeps its slab readable for whoever still holds it, so nothing is ever read after it was freed.
 *
 * @param <T> what a piece is wrapped in
 */
public final class SlabPool<T> {

  private static final int SLAB_BYTES = 1 << 20;

  /**
   * Wraps a piece.
   *
   * @param <T> the wrapper
   */
  @FunctionalInterface
  public interface Wrapper<T> {
    /** The wrapper of a piece; {@code release} puts it back. */
    T wrap(MemorySegment piece, Runnable release);
  }

  private final int pieceBytes;
  private final int piecesPerSlab;
  private final int capacity;
  private final MemoryAccount account;
  private final Wrapper<T> wrapper;
  private final int stepMask;
  private final FreeList free;
  private final AtomicReferenceArray<T> pieces;
  private final AtomicInteger reserved = new AtomicInteger();
  private final AtomicBoolean paid = new AtomicBoolean();
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * An empty pool.
   *
   * @param pieceBytes bytes of a piece
   * @param most most pieces it grows to
   * @param account charged for every slab
   * @param wrapper wraps each piece once
   */
  public SlabPool(int pieceBytes, int most, MemoryAccount account, Wrapper<T> wrapper) {
    this.pieceBytes = pieceBytes;
    this.piecesPerSlab = Math.max(1, Math.min(SLAB_BYTES / pieceBytes, most));
    this.capacity = most / piecesPerSlab * piecesPerSlab;
    this.account = account;
    this.wrapper = wrapper;
    this.stepMask = account.step(pieceBytes) - 1;
    this.free = new FreeList(capacity);
    this.pieces = new AtomicReferenceArray<>(capacity);
  }

  /**
   * Charges the first slab already now, if the limit allows, so that other pools on the account
   * can't grow until nothing is left for this one.
   *
   * @return this pool
   */
  SlabPool<T> reserve() {
    if (account.charge((long) piecesPerSlab * pieceBytes)) {
      paid.set(true);
    }
    return this;
  }

  /** Takes a piece, or null if the pool or its account is at the limit. */
  public @Nullable T take() {
    int index = free.pop();
    while (index < 0) {
      if (!grow()) {
        index = free.pop();
        if (index < 0) {
          return null;
        }
      } else {
        index = free.pop();
      }
    }
    moved(taken.incrementAndGet());
    return pieces.get(index);
  }

  /** Bytes of a piece. */
  public int pieceBytes() {
    return pieceBytes;
  }

  /** Pieces that exist. */
  public int size() {
    return reserved.get();
  }

  /** Pieces that are out at this moment. */
  public int taken() {
    return taken.get();
  }

  private boolean grow() {
    int from;
    do {
      from = reserved.get();
      if (from >= capacity) {
        return false;
      }
    } while (!reserved.compareAndSet(from, from + piecesPerSlab));
    long bytes = (long) piecesPerSlab * pieceBytes;
    if (!paid.compareAndSet(true, false) && !account.charge(bytes)) {
      // Gives the reservation back if nobody has reserved after us; else it stays unused until the
      // stack ends, which costs numbers and no memory.
      reserved.compareAndSet(from + piecesPerSlab, from);
      return false;
    }
    MemorySegment slab = Arena.ofAuto().allocate(bytes, 64);
    for (int i = piecesPerSlab - 1; i >= 0; i--) {
      int index = from + i;
      MemorySegment piece = slab.asSlice((long) i * pieceBytes, pieceBytes);
      pieces.set(index, wrapper.wrap(piece, () -> putBack(index)));
      free.push(index);
    }
    return true;
  }

  private void putBack(int index) {
    moved(taken.decrementAndGet());
    free.push(index);
  }

  private void moved(int out) {
    if ((out & stepMask) == 0) {
      account.reconsider();
    }
  }
}
