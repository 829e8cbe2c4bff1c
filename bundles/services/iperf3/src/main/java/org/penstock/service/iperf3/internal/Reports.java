package org.penstock.service.iperf3.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.service.iperf3.Iperf3Interval;
import org.penstock.service.iperf3.Iperf3Report;

/** Puts together what the two ends of a test have measured. */
final class Reports {

  private static final double MILLIS = 1000;

  private Reports() {}

  static Iperf3Report of(
      TestRun run, Exchange.Results ours, Exchange.Results theirs, List<Iperf3Interval> intervals) {
    List<Iperf3Report.Stream> streams = new ArrayList<>();
    for (DataStream stream : run.streams()) {
      streams.add(join(stream.isSending(), ours.of(stream.id()), theirs.of(stream.id())));
    }
    DataStream first = run.streams().getFirst();
    return new Iperf3Report(
        run.settings(),
        first.local(),
        first.remote(),
        streams,
        intervals,
        ours.cpuPercent(),
        theirs.cpuPercent());
  }

  private static Iperf3Report.Stream join(
      boolean sending, Exchange.@Nullable Stream ours, Exchange.@Nullable Stream theirs) {
    Exchange.Stream mine = ours == null ? NOTHING : ours;
    Exchange.Stream other = theirs == null ? NOTHING : theirs;
    Exchange.Stream sender = sending ? mine : other;
    Exchange.Stream receiver = sending ? other : mine;
    return new Iperf3Report.Stream(
        mine.id(),
        sending,
        // An old iperf3 does not say how long its end took.
        sender.seconds() > 0 ? sender.seconds() : receiver.seconds(),
        receiver.seconds() > 0 ? receiver.seconds() : sender.seconds(),
        sender.bytes(),
        receiver.bytes(),
        sender.retransmits(),
        receiver.jitterSeconds() * MILLIS,
        receiver.lost(),
        Math.max(receiver.packets(), sender.packets()));
  }

  private static final Exchange.Stream NOTHING =
      new Exchange.Stream(0, 0, Exchange.UNKNOWN, 0, 0, 0, 0);
}
