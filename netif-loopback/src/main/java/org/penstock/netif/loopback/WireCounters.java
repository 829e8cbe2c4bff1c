package org.penstock.netif.loopback;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the frames of one direction; see {@link WireStatistics}. */
final class WireCounters {
  final AtomicLong sent = new AtomicLong();
  final AtomicLong delivered = new AtomicLong();
  final AtomicLong noLink = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong full = new AtomicLong();

  WireStatistics read() {
    return new WireStatistics(sent.get(), delivered.get(), noLink.get(), refused.get(), full.get());
  }
}
