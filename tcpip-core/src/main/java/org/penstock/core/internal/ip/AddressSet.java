package org.penstock.core.internal.ip;

import java.util.List;
import org.penstock.api.IpAddress;

/** An immutable set of addresses, asked on the receive path: a look into it allocates nothing. */
final class AddressSet {

  static final AddressSet EMPTY = new AddressSet(List.of());

  // Pairs of high and low at 2·i. The unspecified address ::, which nobody holds, marks a free
  // place, and at least half of the places are free.
  private final long[] places;
  private final int mask;

  AddressSet(List<IpAddress> addresses) {
    int capacity = Integer.highestOneBit(Math.max(1, addresses.size())) * 4;
    this.places = new long[2 * capacity];
    this.mask = capacity - 1;
    for (IpAddress address : addresses) {
      int at = find(address.high(), address.low());
      places[2 * at] = address.high();
      places[2 * at + 1] = address.low();
    }
  }

  boolean contains(long high, long low) {
    int at = find(high, low);
    return (places[2 * at] | places[2 * at + 1]) != 0;
  }

  /** Where the address stands, or the free place where it would. */
  private int find(long high, long low) {
    int at = (int) Mix.of(high, low) & mask;
    while ((places[2 * at] | places[2 * at + 1]) != 0
        && (places[2 * at] != high || places[2 * at + 1] != low)) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
