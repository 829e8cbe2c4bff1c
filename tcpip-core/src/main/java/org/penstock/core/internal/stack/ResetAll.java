package org.penstock.core.internal.stack;

import org.penstock.api.concurrency.Section;
import org.penstock.core.internal.icmp.IcmpLayer;
import org.penstock.core.internal.rim.Rim;
import org.penstock.core.internal.tcp.TcpLayer;

/**
 * Resets every connection of a stack that stops, cell by cell, a bounded number at a time, and ends
 * its echo requests.
 */
record ResetAll(Rim rim, TcpLayer tcp, IcmpLayer icmp) {

  void run(long deadlineNanos) {
    for (int cell = 0; cell < rim.cells(); cell++) {
      InCell section = new InCell(cell);
      while (!section.done && rim.runtime().nanoTime() < deadlineNanos) {
        rim.call(section);
      }
    }
  }

  private final class InCell extends Section {
    private boolean done;

    InCell(int cell) {
      super(cell);
    }

    @Override
    protected void run() {
      icmp.close(cell());
      done = tcp.resetAll(cell());
    }
  }
}
