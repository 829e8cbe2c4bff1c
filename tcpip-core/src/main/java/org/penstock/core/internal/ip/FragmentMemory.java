package org.penstock.core.internal.ip;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.penstock.core.internal.hash.SipHash;
import org.penstock.core.internal.memory.MemoryAccount;
import org.penstock.core.internal.stack.StackContext;

/**
 * The bytes that incomplete datagrams hold: limited for the whole stack, and for each source so
 * that one that sends nothing but first halves does not take the others' room. Sources are counted
 * by a keyed hash, so that nobody can choose whose share it uses up. From any thread; allocates
 * nothing.
 */
final class FragmentMemory {

  /** Most bytes of a stack, where its memory allows that much. */
  static final int MOST_BYTES = 4 << 20;

  /** A stack's limit is so many times what one source may hold. */
  static final int SHARES = 4;

  private static final int LEAST_BYTES = 512 << 10;

  /** How much of the stack's memory fragments may hold: this part of it. */
  private static final int PART = 16;

  private static final int SOURCES = 1024;

  private final MemoryAccount all;
  private final AtomicIntegerArray bySource = new AtomicIntegerArray(SOURCES);
  private final SipHash hash;
  private final int share;

  /**
   * Nothing held.
   *
   * @param stackBytes the stack's memory limit
   */
  FragmentMemory(long stackBytes, StackContext.Secret secret) {
    int limit = Math.clamp(stackBytes / PART, LEAST_BYTES, MOST_BYTES);
    this.all = new MemoryAccount(limit);
    this.share = limit / SHARES;
    this.hash = new SipHash(secret.first(), secret.second());
  }

  /** Whether a source may hold so many bytes more. */
  boolean isWithinShare(int source, int bytes) {
    return bySource.get(place(source)) + bytes <= share;
  }

  /** Charges bytes to the stack and a source, if the stack's limit allows. */
  boolean charge(int source, int bytes) {
    if (!all.charge(bytes)) {
      return false;
    }
    bySource.addAndGet(place(source), bytes);
    return true;
  }

  /** Gives bytes back. */
  void refund(int source, int bytes) {
    all.refund(bytes);
    bySource.addAndGet(place(source), -bytes);
  }

  /** Bytes held at this moment. */
  long held() {
    return all.held();
  }

  private int place(int source) {
    return (int) hash.hash(source) & SOURCES - 1;
  }
}
