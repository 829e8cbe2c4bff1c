package org.penstock.core.internal.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes held against a limit. From any thread. */
public final class MemoryAccount {

  private final long limit;
  private final AtomicLong held = new AtomicLong();

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
}
