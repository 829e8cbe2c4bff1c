package org.penstock.core.internal.stack;

import org.penstock.api.concurrency.Section;
import org.penstock.api.runtime.Parker;
import org.penstock.core.internal.icmp.IcmpLayer;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.tcp.TcpLayer;

/**
 * Resets every connection of a stack that stops, a bounded number at a time in each cell, and ends
 * its echo requests. Posted, so that a thread which hangs in a cell holds up nobody else.
 */
record ResetAll(Rim rim, TcpLayer tcp, IcmpLayer icmp) {

  void run(long deadlineNanos) {
    Parker stopping = rim.runtime().parker();
    InCell[] sections = new InCell[rim.cells()];
    for (int cell = 0; cell < sections.length; cell++) {
      sections[cell] = new InCell(cell, stopping);
      rim.post(sections[cell]);
    }
    for (InCell section : sections) {
      while (!section.done && rim.runtime().nanoTime() < deadlineNanos) {
        stopping.parkUninterruptibly(deadlineNanos);
      }
    }
  }

  private final class InCell extends Section {
    private final Parker stopping;
    private volatile boolean done;

    InCell(int cell, Parker stopping) {
      super(cell);
      this.stopping = stopping;
    }

    @Override
    protected void run() {
      icmp.close(cell());
      if (tcp.resetAll(cell())) {
        done = true;
        stopping.unpark();
      } else {
        rim.post(this);
      }
    }
  }
}
