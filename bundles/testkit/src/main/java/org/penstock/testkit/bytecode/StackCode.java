package org.penstock.testkit.bytecode;

/**
 * The rule for the stack's own code. A simulated run replays from its seed only when time, chance
 * and every place where threads may switch come from outside, so the core, the strategies, the
 * transport layer and the drivers inside the JVM must not reach past the {@code StackRuntime} they
 * were given.
 */
public final class StackCode {

  private StackCode() {}

  /** No lock, thread, clock or random source other than what a {@code StackRuntime} offers. */
  public static ForbiddenCode onlyStackRuntime() {
    return containerRim().andMonitors();
  }

  /**
   * The same for the thin components between a bundle and its container, but for {@code
   * synchronized}: they are called by the container's threads only, which no simulator drives.
   */
  public static ForbiddenCode containerRim() {
    return ForbiddenCode.none()
        .andClasses("java\\.lang\\.(Thread|ThreadGroup)(\\$.*)?")
        .andClasses("java\\.util\\.(Timer|TimerTask)")
        .andClasses("java\\.util\\.concurrent\\.locks\\..*")
        .andClasses("java\\.util\\.concurrent\\.(\\w*Executor\\w*|ForkJoin\\w+|\\w*Blocking\\w+)")
        .andClasses("java\\.util\\.concurrent\\.(Semaphore|CountDownLatch|CyclicBarrier)")
        .andClasses("java\\.util\\.concurrent\\.(Phaser|Exchanger|SynchronousQueue)")
        .andMethods("java\\.util\\.concurrent\\.TimeUnit\\.(sleep|timedJoin|timedWait)")
        .andMethods("java\\.lang\\.System\\.(nanoTime|currentTimeMillis)")
        .andClasses("java\\.time\\.(Clock|InstantSource)(\\$.*)?")
        .andMethods("java\\.time\\..*\\.now")
        .andClasses("java\\.util\\.(Random|SplittableRandom)")
        .andClasses("java\\.util\\.random\\..*")
        .andClasses("java\\.util\\.concurrent\\.ThreadLocalRandom")
        .andClasses("java\\.security\\.SecureRandom")
        .andMethods("java\\.lang\\.(Math|StrictMath)\\.random")
        .andMethods("java\\.util\\.UUID\\.randomUUID")
        .andMethods("java\\.util\\.Collections\\.shuffle");
  }
}
