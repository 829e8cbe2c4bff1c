package org.penstock.service.iperf3.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import org.penstock.api.TransportAddress;
import org.penstock.service.iperf3.Iperf3Interval;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;

/** A report in the form of {@code iperf3 -J}. */
public final class ReportJson {

  private static final double PERCENT = 100;

  private ReportJson() {}

  /** The whole document. */
  public static JsonObject of(Iperf3Report report) {
    JsonObject json = new JsonObject();
    json.add("start", start(report));
    json.add("intervals", intervals(report));
    json.add("end", end(report));
    return json;
  }

  private static JsonObject start(Iperf3Report report) {
    Iperf3Settings settings = report.settings();
    JsonObject start = new JsonObject();
    JsonArray connected = new JsonArray();
    TransportAddress local = report.local();
    TransportAddress remote = report.remote();
    if (local != null && remote != null) {
      JsonObject first = new JsonObject();
      first.addProperty("socket", report.streams().getFirst().id());
      first.addProperty("local_host", local.address().toString());
      first.addProperty("local_port", local.port());
      first.addProperty("remote_host", remote.address().toString());
      first.addProperty("remote_port", remote.port());
      connected.add(first);
    }
    start.add("connected", connected);
    start.addProperty("version", "Penstock");
    JsonObject test = new JsonObject();
    test.addProperty("protocol", settings.udp() ? "UDP" : "TCP");
    test.addProperty("num_streams", settings.parallel());
    test.addProperty("blksize", settings.length());
    test.addProperty("omit", settings.omitSeconds());
    test.addProperty("duration", settings.seconds());
    test.addProperty("bytes", settings.bytes());
    test.addProperty("blocks", 0);
    test.addProperty("reverse", settings.direction() == Direction.REVERSE ? 1 : 0);
    test.addProperty("tos", 0);
    test.addProperty("target_bitrate", settings.bitsPerSecond());
    test.addProperty("bidir", settings.direction() == Direction.BIDIRECTIONAL ? 1 : 0);
    start.add("test_start", test);
    return start;
  }

  private static JsonArray intervals(Iperf3Report report) {
    JsonArray intervals = new JsonArray();
    int streams = report.streams().size();
    List<Iperf3Interval> all = report.intervals();
    for (int i = 0; i + streams <= all.size(); i += streams) {
      List<Iperf3Interval> part = all.subList(i, i + streams);
      JsonObject interval = new JsonObject();
      JsonArray each = new JsonArray();
      part.forEach(stream -> each.add(interval(stream, report.settings().udp())));
      interval.add("streams", each);
      Direction direction = report.settings().direction();
      interval.add("sum", sum(part, direction != Direction.REVERSE));
      if (direction == Direction.BIDIRECTIONAL) {
        interval.add("sum_bidir_reverse", sum(part, false));
      }
      intervals.add(interval);
    }
    return intervals;
  }

  private static JsonObject interval(Iperf3Interval part, boolean udp) {
    JsonObject json =
        span(part.startSeconds(), part.endSeconds(), part.bytes(), part.bitsPerSecond());
    json.addProperty("socket", part.stream());
    if (udp) {
      if (!part.sending()) {
        loss(json, part.jitterMillis(), part.lost(), part.packets());
      }
      json.addProperty("packets", part.packets());
    }
    json.addProperty("omitted", part.omitted());
    json.addProperty("sender", part.sending());
    return json;
  }

  private static JsonObject sum(List<Iperf3Interval> part, boolean sending) {
    long bytes =
        part.stream()
            .filter(each -> each.sending() == sending)
            .mapToLong(Iperf3Interval::bytes)
            .sum();
    double from = part.getFirst().startSeconds();
    double to = part.getFirst().endSeconds();
    JsonObject json = span(from, to, bytes, to <= from ? 0 : bytes * 8 / (to - from));
    json.addProperty("omitted", part.getFirst().omitted());
    json.addProperty("sender", sending);
    return json;
  }

  private static JsonObject end(Iperf3Report report) {
    JsonObject end = new JsonObject();
    JsonArray streams = new JsonArray();
    for (Iperf3Report.Stream stream : report.streams()) {
      JsonObject json = new JsonObject();
      if (report.settings().udp()) {
        json.add("udp", datagrams(stream));
      } else {
        Consumer<JsonObject> sender = part -> part.addProperty("sender", stream.sending());
        json.add("sender", named(stream, sent(stream), sender));
        json.add("receiver", named(stream, received(stream), sender));
      }
      streams.add(json);
    }
    end.add("streams", streams);
    boolean forward = report.settings().direction() != Direction.REVERSE;
    boolean both = report.settings().direction() == Direction.BIDIRECTIONAL;
    // The client's direction comes first; at a server that is the one in which it receives.
    boolean first = report.streams().getFirst().sending();
    sums(end, report, first, "", forward);
    if (both) {
      sums(end, report, !first, "_bidir_reverse", false);
    }
    JsonObject cpu = new JsonObject();
    cpu.addProperty("host_total", report.localCpuPercent());
    cpu.addProperty("remote_total", report.remoteCpuPercent());
    end.add("cpu_utilization_percent", cpu);
    return end;
  }

  private static void sums(
      JsonObject end, Iperf3Report report, boolean sending, String suffix, boolean forward) {
    Iperf3Report.Stream sum = report.sum(sending);
    if (report.settings().udp()) {
      end.add("sum" + suffix, datagrams(sum));
    }
    JsonObject sent = sent(sum);
    sent.addProperty("sender", forward);
    end.add("sum_sent" + suffix, sent);
    JsonObject received = received(sum);
    received.addProperty("sender", forward);
    end.add("sum_received" + suffix, received);
  }

  private static JsonObject named(
      Iperf3Report.Stream stream, JsonObject json, Consumer<JsonObject> more) {
    json.addProperty("socket", stream.id());
    more.accept(json);
    return json;
  }

  private static JsonObject sent(Iperf3Report.Stream stream) {
    JsonObject json = span(0, stream.sentSeconds(), stream.sentBytes(), stream.sentBitsPerSecond());
    if (stream.retransmits() >= 0) {
      json.addProperty("retransmits", stream.retransmits());
    }
    return json;
  }

  private static JsonObject received(Iperf3Report.Stream stream) {
    return span(
        0, stream.receivedSeconds(), stream.receivedBytes(), stream.receivedBitsPerSecond());
  }

  private static JsonObject datagrams(Iperf3Report.Stream stream) {
    JsonObject json = sent(stream);
    json.addProperty("socket", stream.id());
    loss(json, stream.jitterMillis(), stream.lost(), stream.packets());
    json.addProperty("packets", stream.packets());
    json.addProperty("sender", stream.sending());
    return json;
  }

  private static void loss(JsonObject json, double jitterMillis, long lost, long packets) {
    json.addProperty("jitter_ms", jitterMillis);
    json.addProperty("lost_packets", lost);
    json.addProperty("lost_percent", packets == 0 ? 0 : PERCENT * lost / packets);
  }

  private static JsonObject span(double from, double to, long bytes, double bitsPerSecond) {
    JsonObject json = new JsonObject();
    json.addProperty("start", from);
    json.addProperty("end", to);
    json.addProperty("seconds", to - from);
    json.addProperty("bytes", bytes);
    json.addProperty("bits_per_second", bitsPerSecond);
    return json;
  }
}
