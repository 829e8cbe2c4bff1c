package org.penstock.core.internal.rim;

/** Says that it has run: whoever was inside the partition before has left it. */
final class Pass extends Housekeeping {

  private final Signal signal;

  Pass(int partition, Signal signal) {
    super(partition);
    this.signal = signal;
  }

  @Override
  protected void run() {
    signal.countDown();
  }

  @Override
  void passedOn() {
    signal.countDown();
  }
}
