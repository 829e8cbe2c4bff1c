package org.penstock.api.concurrency.support;

import org.jspecify.annotations.Nullable;

/** A thread that waits for something in one partition: what an attempt remembers of it. */
final class Sleeper {

  final Sleepers home;
  final Sleep sleep;

  /** The list of those asleep, guarded by the exclusion. */
  @Nullable Sleeper next;

  @Nullable Sleeper previous;
  boolean listed;

  Sleeper(Sleepers home, Sleep sleep) {
    this.home = home;
    this.sleep = sleep;
  }
}
