package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Partition;
import org.penstock.api.concurrency.Section;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.sync.MpscQueue;

/** Sections posted to one partition: any thread adds, who is inside takes. */
final class SectionQueue {

  /** Sections of one occupation. */
  static final int BUDGET = 64;

  private final StrategyHost host;
  private final Tally tally;
  private final MpscQueue<Section> queue = new MpscQueue<>();

  /** True if sections that were taken out of the queue wait; written inside. */
  private volatile boolean backlog;

  // Guarded by the exclusion.
  private @Nullable Section pending;
  private long chainsFinished;

  SectionQueue(StrategyHost host, Tally tally) {
    this.host = host;
    this.tally = tally;
  }

  /** Adds a section; from any thread. */
  void offer(Section section) {
    tally.posted();
    queue.offer(section);
  }

  /** True if somebody has to come in for what waits here; from any thread. */
  boolean isWaiting() {
    return backlog || !queue.isEmpty();
  }

  /** Runs sections, as many as one occupation may. */
  void run(Partition partition) {
    for (int i = 0; i < BUDGET; i++) {
      Section section = take();
      if (section == null) {
        return;
      }
      run(partition, section);
    }
  }

  private void run(Partition partition, Section section) {
    try {
      if (!partition.run(section)) {
        host.forward(section);
      }
    } catch (Throwable e) {
      // Whoever runs the queue must get as far as giving the exclusion back.
      host.failed("a section of stack " + host.stack(), e);
    }
  }

  /** Passes on everything, to the strategy that followed. */
  void forwardAll() {
    for (Section section = take(); section != null; section = take()) {
      host.forward(section);
    }
    backlog = false;
  }

  /** A mark for {@link #isPast}, behind all that the calling thread has added. */
  long mark() {
    // Those stand in the chain taken already or in the next one.
    return chainsFinished + (pending == null ? 1 : 2);
  }

  /** True if everything before the mark was taken. */
  boolean isPast(long mark) {
    return chainsFinished >= mark || (pending == null && queue.isEmpty());
  }

  /** Before the exclusion is given back. */
  void leave() {
    backlog = pending != null;
  }

  private @Nullable Section take() {
    if (pending == null) {
      pending = queue.takeAll();
      if (pending == null) {
        return null;
      }
    }
    Section section = pending;
    pending = section.unlink();
    if (pending == null) {
      chainsFinished++;
    }
    tally.taken();
    return section;
  }
}
