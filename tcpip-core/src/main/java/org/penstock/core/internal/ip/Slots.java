package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;

/** The interfaces of a stack by their numbers: a snapshot, to be asked from any thread. */
@FunctionalInterface
public interface Slots {

  /** The interface of that number, or null if there is none, or no longer. */
  @Nullable SlotLink slot(int number);
}
