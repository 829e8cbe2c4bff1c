package org.penstock.core.internal.memory;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.MemoryView;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Chunks;

/**
 * The stack's memory: chunks to send from, buffers that small received payloads are copied into,
 * and the account that all of it and the landings of every driver queue are charged to. From any
 * thread.
 */
public final class Buffers implements Chunks {

  /**
   * From this limit on, each kind of buffer has a slab that the others can't take: an eighth of all
   * at most, so that the steps of the policy for scarce memory stay in reach.
   */
  private static final long LEAST_TO_SHARE = 24L << 20;

  /** Bytes of a buffer for received payload that is copied. */
  public static final int RECEIVE_BYTES = 4 * 1024;

  private final MemoryAccount account;
  private final SlabPool<Chunk> small;
  private final SlabPool<Chunk> large;
  private final SlabPool<Landing> receive;

  /** Memory with a limit in bytes. */
  public Buffers(long limit) {
    this.account = new MemoryAccount(limit);
    this.small = chunks(SMALL, limit);
    this.large = chunks(LARGE, limit);
    this.receive = landings(RECEIVE_BYTES, most(RECEIVE_BYTES, limit));
    if (limit >= LEAST_TO_SHARE) {
      // Slabs stay what they are: a burst of sending must not be the end of all receiving.
      small.reserve();
      large.reserve();
      receive.reserve();
    }
  }

  /** A further pool of landings on the same account, for a driver queue. */
  public SlabPool<Landing> landings(int bytes, int most) {
    return watched(
        new SlabPool<>(
            bytes, most, account, (piece, release) -> new Landing(piece, back -> release.run())));
  }

  private <T> SlabPool<T> watched(SlabPool<T> pool) {
    account.watch(pool);
    return pool;
  }

  @Override
  public @Nullable Chunk lease(int bytes) {
    Chunk chunk = bytes < SMALL ? small.take() : large.take();
    return chunk != null || bytes < SMALL ? chunk : small.take();
  }

  /**
   * A chunk that begins with a copy.
   *
   * @return null at the limit; also where there is left a small chunk only, and it is too small
   */
  public @Nullable Chunk copyOf(MemorySegment source, long offset, int length) {
    Chunk chunk = lease(Math.max(1, length));
    if (chunk != null && chunk.capacity() < length) {
      chunk.release();
      return null;
    }
    if (chunk != null) {
      MemorySegment.copy(source, offset, chunk.segment(), 0, length);
    }
    return chunk;
  }

  /** Takes a buffer of {@link #RECEIVE_BYTES} for received payload, or null at the limit. */
  public @Nullable Landing receiveBuffer() {
    return receive.take();
  }

  /** How scarce memory is. */
  public MemoryPressure pressure() {
    return account.pressure();
  }

  /** The account of all of it. */
  public MemoryAccount account() {
    return account;
  }

  /**
   * What is held, given what the driver queues hold.
   *
   * @param landings landings that exist in driver queues' pools
   * @param landingsTaken those that are out
   */
  public MemoryView view(int landings, int landingsTaken) {
    long chunkBytes = bytes(small, small.size()) + bytes(large, large.size());
    long chunkTaken = bytes(small, small.taken()) + bytes(large, large.taken());
    return new MemoryView(
        landings + receive.size(),
        landings + receive.size() - landingsTaken - receive.taken(),
        chunkBytes,
        chunkBytes - chunkTaken,
        account.used(),
        account.softLimit(),
        account.hardLimit(),
        account.limit());
  }

  private SlabPool<Chunk> chunks(int bytes, long limit) {
    return watched(
        new SlabPool<>(
            bytes,
            most(bytes, limit),
            account,
            (piece, release) -> new Chunk(piece, back -> release.run())));
  }

  private static int most(int bytes, long limit) {
    return (int) Math.min(1 << 20, Math.max(limit / bytes, 256));
  }

  private static long bytes(SlabPool<?> pool, int pieces) {
    return (long) pieces * pool.pieceBytes();
  }
}
