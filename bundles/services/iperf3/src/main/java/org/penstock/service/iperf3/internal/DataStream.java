package org.penstock.service.iperf3.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;

/** One of a test's streams at this end: a sender or a receiver of load. */
abstract class DataStream {

  private static final double NANOS_TIMES_BITS = 8e9;

  private final TestRun run;
  private final Meter meter = new Meter();
  private volatile boolean sending;
  private volatile int id;

  /** Bytes given to the transport; touched by whoever issues sends. */
  private long issued;

  DataStream(TestRun run) {
    this.run = run;
  }

  final TestRun run() {
    return run;
  }

  final Meter meter() {
    return meter;
  }

  /** Its number: the same at both ends. */
  final int id() {
    return id;
  }

  final boolean isSending() {
    return sending;
  }

  final void assign(int number, boolean sends) {
    id = number;
    sending = sends;
  }

  /** Bytes that its rate allows to be sent by now and that were not. */
  final long allowance(long nowNanos) {
    long rate = run.settings().bitsPerSecond();
    if (rate == 0) {
      return Long.MAX_VALUE;
    }
    return (long) ((nowNanos - run.startNanos()) * (double) rate / NANOS_TIMES_BITS) - issued;
  }

  final void issued(int length) {
    issued += length;
  }

  /** Sends what is due and finds room; called by one thread, again and again. */
  abstract void sendDue(long nowNanos);

  /** Segments sent again, or {@link Exchange#UNKNOWN}; at passive level. */
  abstract long retransmits();

  abstract @Nullable TransportAddress local();

  abstract @Nullable TransportAddress remote();

  /** Ends it for good. */
  abstract void close();
}
