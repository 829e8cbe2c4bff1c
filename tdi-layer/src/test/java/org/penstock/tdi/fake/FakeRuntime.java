package org.penstock.tdi.fake;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.RandomSource;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;

/** The machine's threads, chance from a seed, and a clock that a test can put forward. */
public final class FakeRuntime implements StackRuntime {

  private final StackRuntime system = SystemRuntime.get();
  private final AtomicLong forward = new AtomicLong();
  private final RandomSource random;

  public FakeRuntime(long seed) {
    Random source = new Random(seed);
    this.random = source::nextLong;
  }

  public void advance(long nanos) {
    forward.addAndGet(nanos);
  }

  @Override
  public long nanoTime() {
    return system.nanoTime() + forward.get();
  }

  @Override
  public long wallTimeNanos() {
    return system.wallTimeNanos();
  }

  @Override
  public RandomSource random() {
    return random;
  }

  @Override
  public RuntimeThread start(String name, Runnable body) {
    return system.start(name, body);
  }

  @Override
  public Parker parker() {
    return system.parker();
  }

  @Override
  public long threadId() {
    return system.threadId();
  }

  @Override
  public void spinHint() {
    system.spinHint();
  }

  @Override
  public int processors() {
    return system.processors();
  }
}
