package org.penstock.shell.internal.ping;

import java.util.List;
import java.util.LongSummaryStatistics;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Icmp;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.table.Units;

/**
 * What came of some echo requests.
 *
 * @param remote where they were sent
 * @param sent requests that were sent and waited for
 * @param received replies
 * @param leastNanos the shortest round trip, 0 without a reply
 * @param meanNanos the mean round trip, 0 without a reply
 * @param mostNanos the longest round trip, 0 without a reply
 */
public record PingReport(
    IpAddress remote, int sent, int received, long leastNanos, long meanNanos, long mostNanos)
    implements Report {

  static PingReport of(IpAddress remote, List<Icmp.Echo> echoes) {
    LongSummaryStatistics trips =
        echoes.stream()
            .filter(echo -> echo.outcome() == Icmp.Outcome.REPLY)
            .mapToLong(Icmp.Echo::roundTripNanos)
            .summaryStatistics();
    int received = (int) trips.getCount();
    return received == 0
        ? new PingReport(remote, echoes.size(), 0, 0, 0, 0)
        : new PingReport(
            remote,
            echoes.size(),
            received,
            trips.getMin(),
            Math.round(trips.getAverage()),
            trips.getMax());
  }

  @Override
  public String text() {
    String counts = sent + " sent, " + received + " received";
    if (sent == 0) {
      return counts;
    }
    String loss = ", " + Math.round(100.0 * (sent - received) / sent) + " % lost";
    if (received == 0) {
      return counts + loss;
    }
    return counts
        + loss
        + "; round trip min/avg/max "
        + Units.milliseconds(leastNanos)
        + "/"
        + Units.milliseconds(meanNanos)
        + "/"
        + Units.milliseconds(mostNanos)
        + " ms";
  }
}
