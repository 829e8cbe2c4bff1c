package org.penstock.netif.loopback;

import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** The machine's runtime with a clock that the test moves. */
final class ManualRuntime implements StackRuntime {

  private final StackRuntime real = SystemRuntime.get();
  private volatile long now;

  void advanceTo(long nanos) {
    now = nanos;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public long wallTimeNanos() {
    return now;
  }

  @Override
  public RandomSource random() {
    return real.random();
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    return real.start(name, body);
  }

  @Override
  public Parker parker() {
    return real.parker();
  }

  @Override
  public long threadId() {
    return real.threadId();
  }

  @Override
  public void spinHint() {
    real.spinHint();
  }

  @Override
  public int processors() {
    return 1;
  }
}
