package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.concurrency.Awaited;
import org.penstock.api.runtime.Parker;

/** How the thread that made it sleeps, and is woken, in one wait. */
@ConsumerType
public interface Sleep {

  /** Before an attempt, inside: a signal from here on ends the next sleep. */
  void arm();

  /** After an attempt that failed, inside: the thread will sleep as soon as it is out. */
  void prepare();

  /**
   * Ends the sleep, inside.
   *
   * @return what is to be unparked when the partition was left; null if there is nothing
   */
  @Nullable Parker signal();

  /** Ends the sleep with {@link Awaited#MOVED}: the instance closes. Holding the lock. */
  void move();

  /**
   * Sleeps, outside.
   *
   * @return null if the attempt is to be tried again, else how the wait ends unless a last attempt
   *     succeeds; the calling thread may have been given the lock, but for {@link Awaited#MOVED}
   */
  @Nullable Awaited sleep(long deadlineNanos);
}
