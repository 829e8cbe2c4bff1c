package org.penstock.core.internal.rim;

import org.penstock.api.concurrency.Section;

/**
 * Posted behind a fence: when it is passed on, everything that stood between was passed on before,
 * in order, and the new strategy may open.
 */
final class Tail extends Section {

  private final Signal signal;

  Tail(int cell, Signal signal) {
    super(cell);
    this.signal = signal;
  }

  /** It ran inside: the swap was rolled back meanwhile. */
  @Override
  protected void run() {
    passed();
  }

  void passed() {
    signal.countDown();
  }
}
