package org.penstock.core.internal.rim;

/**
 * Posted behind a fence: when it is passed on, everything that stood between was passed on before,
 * in order, and the new strategy may open.
 */
final class Tail extends Housekeeping {

  private final Signal signal;

  Tail(int partition, Signal signal) {
    super(partition);
    this.signal = signal;
  }

  /** It ran inside: the swap was rolled back meanwhile. */
  @Override
  protected void run() {
    signal.countDown();
  }

  @Override
  void passedOn() {
    signal.countDown();
  }
}
