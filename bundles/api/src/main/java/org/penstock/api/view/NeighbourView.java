package org.penstock.api.view;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.MacAddress;

/**
 * An entry of the neighbour cache.
 *
 * @param address the neighbour
 * @param mac its link address, null while not known
 * @param slot the interface's name
 * @param state its state
 * @param ageNanos since the entry was last confirmed or, while incomplete, created
 */
public record NeighbourView(
    IpAddress address, @Nullable MacAddress mac, String slot, State state, long ageNanos) {

  /** How far the resolution is. */
  public enum State {
    /** Asked, no answer yet. */
    INCOMPLETE,
    /** Confirmed not long ago. */
    REACHABLE,
    /** Known, to be confirmed at its next use. */
    STALE,
    /** Did not answer. */
    FAILED
  }
}
