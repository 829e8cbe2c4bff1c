package org.penstock.core.internal.rim;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Indication;

/**
 * What a thread is doing in this stack: the partition it is inside of, and the calls out of the
 * stack it still has to make. One for each thread and stack, touched by its thread only.
 */
final class Occupation {
  @Nullable CorePartition inside;
  boolean indicating;
  @Nullable Indication pendingFirst;
  @Nullable Indication pendingLast;

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
