package org.penstock.service.iperf3;

import com.google.gson.GsonBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.service.iperf3.internal.ReportJson;
import org.penstock.service.iperf3.internal.ReportText;

/**
 * What a test has measured, at both ends.
 *
 * @param settings of the test
 * @param local this end's address of the first stream, null if it is not known any more
 * @param remote the other end's
 * @param streams what each stream has carried
 * @param intervals what each stream carried in each interval, by time; empty at a server
 * @param localCpuPercent of one processor that this end's process took
 * @param remoteCpuPercent of one processor that the other end's process took
 */
public record Iperf3Report(
    Iperf3Settings settings,
    @Nullable TransportAddress local,
    @Nullable TransportAddress remote,
    List<Stream> streams,
    List<Iperf3Interval> intervals,
    double localCpuPercent,
    double remoteCpuPercent) {

  /**
   * One stream.
   *
   * @param id its number
   * @param sending true if this end sends
   * @param sentSeconds how long its sender sent
   * @param receivedSeconds how long its receiver received
   * @param sentBytes what the sender gave to its transport
   * @param receivedBytes what the receiver was given by its transport
   * @param retransmits segments sent again, -1 if nobody counted
   * @param jitterMillis of datagrams
   * @param lost datagrams that did not come
   * @param packets datagrams that should have come
   */
  public record Stream(
      int id,
      boolean sending,
      double sentSeconds,
      double receivedSeconds,
      long sentBytes,
      long receivedBytes,
      long retransmits,
      double jitterMillis,
      long lost,
      long packets) {

    /** Bits a second that the sender sent. */
    public double sentBitsPerSecond() {
      return rate(sentBytes, sentSeconds);
    }

    /** Bits a second that the receiver received. */
    public double receivedBitsPerSecond() {
      return rate(receivedBytes, receivedSeconds);
    }
  }

  /** Copies the lists. */
  public Iperf3Report {
    streams = List.copyOf(streams);
    intervals = List.copyOf(intervals);
  }

  /** Bits a second, 0 for no time at all. */
  static double rate(long bytes, double seconds) {
    return seconds <= 0 ? 0 : bytes * 8 / seconds;
  }

  /** All streams of a direction together, numbered 0; of nothing if there are none. */
  public Stream sum(boolean sending) {
    double sent = 0;
    double received = 0;
    double jitter = 0;
    long sentBytes = 0;
    long receivedBytes = 0;
    long retransmits = 0;
    long lost = 0;
    long packets = 0;
    int count = 0;
    for (Stream stream : streams) {
      if (stream.sending() == sending) {
        count++;
        sent = Math.max(sent, stream.sentSeconds());
        received = Math.max(received, stream.receivedSeconds());
        sentBytes += stream.sentBytes();
        receivedBytes += stream.receivedBytes();
        retransmits = retransmits < 0 ? -1 : Math.max(-1, retransmits + stream.retransmits());
        jitter += stream.jitterMillis();
        lost += stream.lost();
        packets += stream.packets();
      }
    }
    return new Stream(
        0,
        sending,
        sent,
        received,
        sentBytes,
        receivedBytes,
        retransmits,
        count == 0 ? 0 : jitter / count,
        lost,
        packets);
  }

  /** The report in the form of {@code iperf3 -J}. */
  public String json() {
    return new GsonBuilder().setPrettyPrinting().create().toJson(ReportJson.of(this));
  }

  /** The summary that iperf3 prints at the end. */
  public String text() {
    return ReportText.summary(this);
  }
}
