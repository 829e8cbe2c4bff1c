package org.penstock.api.concurrency;

import org.penstock.api.sync.MpscQueue;

/**
 * A piece of work that runs inside a partition. It carries its own link, so that posting allocates
 * nothing, and may be posted again once it has begun to run; it is in at most one queue.
 *
 * <p>A section names its cell, never its partition: the cell keeps its name for ever, the partition
 * it lies in changes with the strategy.
 */
public abstract class Section extends MpscQueue.Node<Section> {

  private final int cell;

  /** A section for the cell of the given index. */
  protected Section(int cell) {
    this.cell = cell;
  }

  /** The cell it works on. */
  public final int cell() {
    return cell;
  }

  /**
   * The work, at core level. It must be short and must not block. An exception is counted and
   * logged once; the partition goes on.
   */
  protected abstract void run();

  /** Runs the section; for the stack's side of a {@link Partition}, and for nothing else. */
  public final void execute() {
    run();
  }
}
