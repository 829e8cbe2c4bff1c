package org.penstock.service.iperf3.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.penstock.service.iperf3.Iperf3Interval;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;

/** The lines that iperf3 prints. */
public final class ReportText {

  private static final String RULE = "- - - - - - - - - - - - - - - - - - - - - - - - -";
  private static final double KILO = 1000;
  private static final double KIBI = 1024;
  private static final double PERCENT = 100;

  private ReportText() {}

  /** The table's head. */
  public static String head(Iperf3Settings settings) {
    String role = settings.direction() == Direction.BIDIRECTIONAL ? "[Role]" : "";
    String head = "[ ID]" + role + " Interval           Transfer     Bitrate        ";
    return settings.udp() ? head + " Jitter    Lost/Total Datagrams" : head + " Retr";
  }

  /** The lines of one interval: each stream's, and their sum if there are several. */
  public static List<String> lines(Iperf3Settings settings, List<Iperf3Interval> part) {
    List<String> lines = new ArrayList<>();
    for (Iperf3Interval each : part) {
      String line =
          line(
              name(settings, each.stream(), each.sending()),
              each.startSeconds(),
              each.endSeconds(),
              each.bytes(),
              each.bitsPerSecond());
      if (settings.udp()) {
        line +=
            each.sending()
                ? String.format(Locale.ROOT, "  %d", each.packets())
                : loss(each.jitterMillis(), each.lost(), each.packets());
      }
      lines.add(each.omitted() ? line + "  (omitted)" : line);
    }
    if (settings.parallel() > 1) {
      for (boolean sending : new boolean[] {true, false}) {
        List<Iperf3Interval> same =
            part.stream().filter(each -> each.sending() == sending).toList();
        if (!same.isEmpty()) {
          long bytes = same.stream().mapToLong(Iperf3Interval::bytes).sum();
          double from = same.getFirst().startSeconds();
          double to = same.getFirst().endSeconds();
          lines.add(
              line(
                  name(settings, 0, sending),
                  from,
                  to,
                  bytes,
                  to <= from ? 0 : bytes * 8 / (to - from)));
        }
      }
    }
    return lines;
  }

  /** What stands at the end. */
  public static String summary(Iperf3Report report) {
    Iperf3Settings settings = report.settings();
    StringJoiner text = new StringJoiner("\n");
    text.add(RULE).add(head(settings));
    report.streams().forEach(stream -> summary(text, settings, stream));
    if (settings.parallel() > 1) {
      for (boolean sending : new boolean[] {true, false}) {
        if (report.streams().stream().anyMatch(stream -> stream.sending() == sending)) {
          summary(text, settings, report.sum(sending));
        }
      }
    }
    return text.toString();
  }

  private static void summary(
      StringJoiner text, Iperf3Settings settings, Iperf3Report.Stream stream) {
    String name = name(settings, stream.id(), stream.sending());
    String sent =
        line(name, 0, stream.sentSeconds(), stream.sentBytes(), stream.sentBitsPerSecond());
    String received =
        line(
            name,
            0,
            stream.receivedSeconds(),
            stream.receivedBytes(),
            stream.receivedBitsPerSecond());
    if (settings.udp()) {
      sent += loss(0, 0, stream.packets());
      received += loss(stream.jitterMillis(), stream.lost(), stream.packets());
    } else {
      String retransmits = stream.retransmits() < 0 ? "" : String.valueOf(stream.retransmits());
      sent += String.format(Locale.ROOT, " %4s            ", retransmits);
      received += "                 ";
    }
    text.add(sent + " sender").add(received + " receiver");
  }

  private static String name(Iperf3Settings settings, int stream, boolean sending) {
    String id = stream == 0 ? "[SUM]" : String.format(Locale.ROOT, "[%3d]", stream);
    return settings.direction() == Direction.BIDIRECTIONAL
        ? id + (sending ? "[TX-C]" : "[RX-C]")
        : id;
  }

  private static String line(
      String name, double from, double to, long bytes, double bitsPerSecond) {
    return String.format(
        Locale.ROOT,
        "%s %6.2f-%-6.2f sec  %s  %s/sec",
        name,
        from,
        to,
        scaled(bytes, KIBI, "Bytes"),
        scaled(bitsPerSecond, KILO, "bits"));
  }

  private static String loss(double jitterMillis, long lost, long packets) {
    return String.format(
        Locale.ROOT,
        "  %.3f ms  %d/%d (%.2f%%)",
        jitterMillis,
        lost,
        packets,
        packets == 0 ? 0 : PERCENT * lost / packets);
  }

  /** Three digits and a unit, as iperf3 prints them. */
  private static String scaled(double value, double step, String unit) {
    String[] prefixes = {"", "K", "M", "G", "T"};
    int at = 0;
    double rest = value;
    while (rest >= step && at < prefixes.length - 1) {
      rest /= step;
      at++;
    }
    String format = rest < 9.995 ? "%4.2f %s%s" : rest < 99.95 ? "%4.1f %s%s" : "%4.0f %s%s";
    return String.format(Locale.ROOT, format, rest, prefixes[at], unit);
  }
}
