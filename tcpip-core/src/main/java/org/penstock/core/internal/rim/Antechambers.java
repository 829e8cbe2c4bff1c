package org.penstock.core.internal.rim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.StackRuntime;

/**
 * The antechambers of a stack, one for each cell that is closed; most of the time there is none.
 */
final class Antechambers {

  private final StackRuntime runtime;
  private final AtomicReferenceArray<@Nullable Antechamber> byCell;
  private final AtomicInteger closedCells = new AtomicInteger();

  Antechambers(StackRuntime runtime, int cells) {
    this.runtime = runtime;
    this.byCell = new AtomicReferenceArray<>(cells);
  }

  /** The antechamber of a cell, null if the cell may be entered. */
  @Nullable Antechamber of(int cell) {
    return closedCells.get() == 0 ? null : byCell.get(cell);
  }

  /** Closes a cell; false if it was closed already. */
  boolean close(int cell) {
    if (byCell.get(cell) != null) {
      return false;
    }
    byCell.set(cell, new Antechamber(runtime));
    closedCells.incrementAndGet();
    return true;
  }

  /** Opens a cell: what waits goes where it is told. */
  void open(int cell, Consumer<Section> andThen) {
    Antechamber antechamber = byCell.get(cell);
    if (antechamber != null) {
      antechamber.open(andThen);
      byCell.set(cell, null);
      closedCells.decrementAndGet();
    }
  }

  /** Has everybody who waits look again whether the stack has stopped. */
  void wakeAll() {
    for (int i = 0; i < byCell.length(); i++) {
      Antechamber antechamber = byCell.get(i);
      if (antechamber != null) {
        antechamber.wakeAll();
      }
    }
  }
}
