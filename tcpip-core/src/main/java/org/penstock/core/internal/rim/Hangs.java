package org.penstock.core.internal.rim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.StrategyView;

/**
 * The partitions that were left closed because a thread hangs in them, and the threads that wait to
 * bring each back. Changed under the swap's mutex.
 */
final class Hangs {

  private final Rim rim;
  private final StackRuntime runtime;
  private final List<Hang> hangs = new CopyOnWriteArrayList<>();

  Hangs(Rim rim) {
    this.rim = rim;
    this.runtime = rim.runtime();
  }

  boolean isEmpty() {
    return hangs.isEmpty();
  }

  /** Closes the cells of every partition whose fence was not reached, and reports it. */
  List<Hang> add(Wiring old, List<Fence> fences) {
    List<Hang> added = new ArrayList<>();
    for (Fence fence : fences) {
      if (!fence.hasRun()) {
        added.add(add(old, fence));
      }
    }
    return added;
  }

  private Hang add(Wiring old, Fence fence) {
    CorePartition partition = fence.partition();
    Hang hang =
        new Hang(
            old.name(),
            partition,
            old.partitions(),
            fence,
            new Signal(runtime, 1),
            runtime.wallTimeNanos());
    for (int cell : partition.cellNumbers()) {
      rim.antechambers().close(cell);
    }
    hangs.add(hang);
    fence.tell(hang.returned());
    rim.log(
        hang
            + " stays closed: a thread hangs in it; its "
            + partition.cellNumbers().length
            + " cells go on when it returns\n"
            + partition.whereItHangs(),
        null);
    return hang;
  }

  /** Has the threads that hang be waited for; after the swap. */
  void watch(List<Hang> some, Consumer<Hang> returned) {
    for (Hang hang : some) {
      runtime.start(
          "penstock-" + rim.name() + "-hung-" + hang.partition().index(),
          () -> {
            hang.returned().await(StackRuntime.NEVER);
            returned.accept(hang);
          });
    }
  }

  List<Hang> all() {
    return List.copyOf(hangs);
  }

  void remove(Hang hang) {
    hangs.remove(hang);
  }

  /**
   * Closes the cells of partitions of a wiring that somebody hangs in, and gives each partition a
   * transmit port that no hung one uses; before the wiring's instance opens.
   */
  void keepOut(Wiring next) {
    BitSet taken = new BitSet();
    for (Hang hang : hangs) {
      taken.set(hang.partition().port());
      for (int cell : hang.partition().cellNumbers()) {
        next.partition(next.partitionOf(cell)).close(cell);
      }
    }
    int port = -1;
    for (int i = 0; i < next.partitions(); i++) {
      port = taken.nextClearBit(port + 1);
      next.partition(i).port(port);
    }
  }

  /** Has everybody who waits look again whether the stack has stopped. */
  void wakeAll() {
    for (Hang hang : hangs) {
      hang.returned().countDown();
    }
  }

  List<StrategyView.Hung> views() {
    List<StrategyView.Hung> views = new ArrayList<>();
    for (Hang hang : hangs) {
      views.add(
          new StrategyView.Hung(
              hang.strategy(),
              hang.partition().index(),
              hang.partitions(),
              hang.partition().cellNumbers().length,
              hang.sinceWallNanos(),
              hang.partition().whereItHangs()));
    }
    return views;
  }
}
