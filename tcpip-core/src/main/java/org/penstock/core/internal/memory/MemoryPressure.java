package org.penstock.core.internal.memory;

/** How much of a stack's memory is in use, in the steps that its policy knows. */
public enum MemoryPressure {
  /** There is enough. */
  NONE,
  /** Above the soft limit: nothing grows any more. */
  SOFT,
  /** Above the hard limit: what can be had again is given up, and nothing new is begun. */
  HARD
}
