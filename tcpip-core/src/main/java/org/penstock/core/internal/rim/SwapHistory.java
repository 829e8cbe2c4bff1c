package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.penstock.api.view.StrategyView;

/** The last swaps of a stack. One thread at a time adds, any thread reads. */
final class SwapHistory {

  private final AtomicReferenceArray<StrategyView.@Nullable Swap> ring =
      new AtomicReferenceArray<>(StrategyView.SWAPS_KEPT);
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong done = new AtomicLong();

  void add(StrategyView.Swap swap) {
    long index = added.get();
    ring.set((int) (index % ring.length()), swap);
    added.set(index + 1);
    if (swap.isDone()) {
      done.incrementAndGet();
    }
  }

  /** Swaps that were done. */
  long done() {
    return done.get();
  }

  /** Oldest first. */
  List<StrategyView.Swap> list() {
    long end = added.get();
    List<StrategyView.Swap> list = new ArrayList<>();
    for (long i = Math.max(0, end - ring.length()); i < end; i++) {
      StrategyView.Swap swap = ring.get((int) (i % ring.length()));
      if (swap != null) {
        list.add(swap);
      }
    }
    return list;
  }
}
