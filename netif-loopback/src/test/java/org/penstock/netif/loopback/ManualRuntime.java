package org.penstock.netif.loopback;

import org.jspecify.annotations.Nullable;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** The machine's runtime with a clock that the test moves. */
final class ManualRuntime implements StackRuntime {

  private final StackRuntime real = SystemRuntime.get();
  private volatile long now;
  private @Nullable Runnable meanwhile;

  void advanceTo(long nanos) {
    now = nanos;
  }

  /** Has something happen while the next who asks for the time is about something. */
  void meanwhile(Runnable happening) {
    meanwhile = happening;
  }

  @Override
  public long nanoTime() {
    Runnable happening = meanwhile;
    meanwhile = null;
    if (happening != null) {
      happening.run();
    }
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
