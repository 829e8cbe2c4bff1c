package org.penstock.core.internal.rim;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Indication;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * What a thread is doing in this stack: the partition it is inside of, and the calls out of the
 * stack it still has to make. One for each thread and stack, touched by its thread only, but for
 * what names the thread.
 */
final class Occupation {
  final long threadId;
  final RuntimeThread thread;
  @Nullable CorePartition inside;
  boolean indicating;
  @Nullable Indication pendingFirst;
  @Nullable Indication pendingLast;

  /** Of the calling thread. */
  Occupation(StackRuntime runtime) {
    this.threadId = runtime.threadId();
    this.thread = runtime.current();
  }

  void append(Indication chain) {
    if (pendingLast == null) {
      pendingFirst = chain;
    } else {
      pendingLast.next(chain);
    }
    Indication last = chain;
    for (Indication next = last.next(); next != null; next = last.next()) {
      last = next;
    }
    pendingLast = last;
  }

  @Nullable Indication poll() {
    Indication first = pendingFirst;
    if (first != null) {
      pendingFirst = first.next();
      if (pendingFirst == null) {
        pendingLast = null;
      }
      first.next(null);
    }
    return first;
  }
}
