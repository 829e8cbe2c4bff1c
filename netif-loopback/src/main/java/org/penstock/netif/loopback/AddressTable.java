package org.penstock.netif.loopback;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.penstock.api.MacAddress;

/**
 * Behind which port of a switch each station is, as far as it is known: the filtering database of
 * IEEE 802.1Q §8.8. Every thread that sends learns and looks up at once, without waiting for
 * another and without allocating.
 *
 * <p>Sets of eight places, so that a look-up reads one line of cache. A place holds an address and
 * its port in one word, and beside it when the station was last heard.
 */
final class AddressTable {

  /** Places of a set. */
  static final int WAYS = 8;

  /** What {@link #find} returns for a station of which nothing is known. */
  static final int UNKNOWN = -1;

  private static final int PORT_BITS = 16;
  private static final long PORT_MASK = (1 << PORT_BITS) - 1;
  private static final long EMPTY = 0;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final AtomicLongArray stations;
  private final AtomicLongArray heard;
  private final int setMask;
  private final long ageing;
  private final long grain;
  private final AtomicLong moves = new AtomicLong();
  private final AtomicLong unlearned = new AtomicLong();

  /**
   * A table that knows no station.
   *
   * @param addresses most stations, rounded up to a power of two
   * @param ageingNanos how long a station is known that is not heard
   */
  AddressTable(int addresses, long ageingNanos) {
    int places = Integer.highestOneBit(Math.max(addresses, WAYS) * 2 - 1);
    this.stations = new AtomicLongArray(places);
    this.heard = new AtomicLongArray(places);
    this.setMask = places / WAYS - 1;
    this.ageing = ageingNanos;
    // A station that sends all the time need not write its line of cache all the time.
    this.grain = ageingNanos >> 10;
  }

  /** A station was heard behind a port. */
  void learn(long address, int port, long nowNanos) {
    long station = address << PORT_BITS | port + 1;
    int first = set(address);
    while (true) {
      int free = -1;
      long last = EMPTY;
      for (int place = first; place < first + WAYS; place++) {
        long held = stations.get(place);
        if (held != EMPTY && held >>> PORT_BITS == address) {
          meet(place, held, station, nowNanos);
          return;
        }
        if (free < 0 && (held == EMPTY || isOld(place, nowNanos))) {
          free = place;
          last = held;
        }
      }
      if (free < 0) {
        // Who is known stays: a flood of made-up addresses drives nobody out.
        unlearned.incrementAndGet();
        return;
      }
      // Failing that, somebody else has taken the place, perhaps for the same station.
      if (stations.compareAndSet(free, last, station)) {
        heard.set(free, nowNanos);
        return;
      }
    }
  }

  private void meet(int place, long held, long station, long nowNanos) {
    // If it can't be changed, another frame of that station has just said where it is.
    if (held != station && stations.compareAndSet(place, held, station)) {
      moves.incrementAndGet();
    }
    if (nowNanos - heard.get(place) > grain) {
      heard.set(place, nowNanos);
    }
  }

  /** The port behind which a station is, or {@link #UNKNOWN}. */
  int find(long address, long nowNanos) {
    int first = set(address);
    for (int place = first; place < first + WAYS; place++) {
      long held = stations.get(place);
      if (held != EMPTY && held >>> PORT_BITS == address && !isOld(place, nowNanos)) {
        return port(held);
      }
    }
    return UNKNOWN;
  }

  /** Nobody is behind a port any more. */
  void forget(int port) {
    for (int place = 0; place < stations.length(); place++) {
      long held = stations.get(place);
      if (held != EMPTY && port(held) == port) {
        // Failing that, the station has moved.
        stations.compareAndSet(place, held, EMPTY);
      }
    }
  }

  /** The stations known, in order, with their ports. */
  Map<MacAddress, Integer> known(long nowNanos) {
    Map<MacAddress, Integer> known = new TreeMap<>();
    for (int place = 0; place < stations.length(); place++) {
      long held = stations.get(place);
      if (held != EMPTY && !isOld(place, nowNanos)) {
        known.put(new MacAddress(held >>> PORT_BITS), port(held));
      }
    }
    return known;
  }

  /** How often a known station was heard behind another port. */
  long moves() {
    return moves.get();
  }

  /** How often a station was heard and not learned, because its set was full. */
  long unlearned() {
    return unlearned.get();
  }

  private boolean isOld(int place, long nowNanos) {
    return nowNanos - heard.get(place) > ageing;
  }

  private int set(long address) {
    return ((int) (address * SPREAD >>> 32) & setMask) * WAYS;
  }

  private static int port(long held) {
    return (int) (held & PORT_MASK) - 1;
  }
}
