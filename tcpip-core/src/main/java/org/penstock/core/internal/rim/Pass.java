package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.Section;

/** Says that it has run: whoever was inside the partition before has left it. */
final class Pass extends Section {

  private final Signal signal;

  Pass(int cell, Signal signal) {
    super(cell);
    this.signal = signal;
  }

  @Override
  protected void run() {
    signal.countDown();
  }
}
