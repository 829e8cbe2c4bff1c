package org.penstock.api.netif;

import java.util.Set;
import org.penstock.api.MacAddress;

/**
 * Which group addresses a slot wants to receive.
 *
 * @param all true for every group, then {@code groups} does not matter
 * @param groups the groups wanted
 */
public record MulticastFilter(boolean all, Set<MacAddress> groups) {

  /** Broadcast only. */
  public static final MulticastFilter NONE = new MulticastFilter(false, Set.of());

  /** Copies the set. */
  public MulticastFilter {
    groups = Set.copyOf(groups);
  }
}
