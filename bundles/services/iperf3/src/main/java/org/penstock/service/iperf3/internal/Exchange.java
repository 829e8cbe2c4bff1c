package org.penstock.service.iperf3.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;

/** The two JSON documents of a test, settings and results, as iperf3 writes them. */
final class Exchange {

  /** Stands for a number of retransmissions that nobody counted. */
  static final long UNKNOWN = -1;

  /** The version of iperf3 whose protocol this is. */
  private static final String VERSION = "3.12";

  private static final int PACING_MICROS = 1000;

  private Exchange() {}

  /**
   * One end's results.
   *
   * @param cpuPercent of one processor that its process took
   * @param retransmitsCounted whether its senders counted retransmissions
   * @param streams of both directions
   */
  record Results(double cpuPercent, boolean retransmitsCounted, List<Stream> streams) {

    /** Those of a stream, null if there are none. */
    @Nullable Stream of(int id) {
      for (Stream stream : streams) {
        if (stream.id() == id) {
          return stream;
        }
      }
      return null;
    }
  }

  /**
   * Results of one stream at one end.
   *
   * @param bytes sent or received
   * @param retransmits segments sent again, or {@link #UNKNOWN}
   * @param jitterSeconds of datagrams received
   * @param lost datagrams that did not come
   * @param packets datagrams sent, or those that should have come
   * @param seconds how long it took
   */
  record Stream(
      int id,
      long bytes,
      long retransmits,
      double jitterSeconds,
      long lost,
      long packets,
      double seconds) {}

  /** The settings as a client sends them. */
  static JsonObject parameters(Iperf3Settings settings) {
    JsonObject json = new JsonObject();
    json.addProperty(settings.udp() ? "udp" : "tcp", true);
    json.addProperty("omit", settings.omitSeconds());
    json.addProperty("time", settings.seconds());
    json.addProperty("num", settings.bytes());
    json.addProperty("blockcount", 0);
    json.addProperty("parallel", settings.parallel());
    if (settings.noDelay()) {
      json.addProperty("nodelay", true);
    }
    switch (settings.direction()) {
      case FORWARD -> {}
      case REVERSE -> json.addProperty("reverse", true);
      case BIDIRECTIONAL -> json.addProperty("bidirectional", true);
    }
    if (settings.window() > 0) {
      json.addProperty("window", settings.window());
    }
    json.addProperty("len", settings.length());
    json.addProperty("bandwidth", settings.bitsPerSecond());
    json.addProperty("pacing_timer", PACING_MICROS);
    json.addProperty("client_version", VERSION);
    return json;
  }

  /**
   * The settings that a server was sent.
   *
   * @throws Iperf3Exception if they ask for what this does not have
   */
  static Iperf3Settings settings(JsonObject json) throws Iperf3Exception {
    if (flag(json, "sctp")) {
      throw new Iperf3Exception("SCTP is not supported");
    }
    boolean udp = flag(json, "udp");
    Direction direction =
        flag(json, "bidirectional")
            ? Direction.BIDIRECTIONAL
            : flag(json, "reverse") ? Direction.REVERSE : Direction.FORWARD;
    int length = (int) Math.min(Integer.MAX_VALUE, number(json, "len", 0));
    long blocks = number(json, "blockcount", 0);
    try {
      return new Iperf3Settings(
          udp,
          direction,
          Math.toIntExact(number(json, "parallel", 1)),
          Math.toIntExact(number(json, "time", 0)),
          blocks > 0 ? Math.multiplyExact(blocks, length) : number(json, "num", 0),
          Math.toIntExact(number(json, "omit", 0)),
          length,
          number(json, "bandwidth", 0),
          Math.toIntExact(number(json, "window", 0)),
          flag(json, "nodelay"));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new Iperf3Exception("settings that can't be: " + e.getMessage(), e);
    }
  }

  /** One end's results as they are sent. */
  static JsonObject results(Results results) {
    JsonObject json = new JsonObject();
    json.addProperty("cpu_util_total", results.cpuPercent());
    // The Java virtual machine tells the sum alone.
    json.addProperty("cpu_util_user", results.cpuPercent());
    json.addProperty("cpu_util_system", 0.0);
    json.addProperty("sender_has_retransmits", results.retransmitsCounted() ? 1 : 0);
    JsonArray streams = new JsonArray();
    for (Stream stream : results.streams()) {
      JsonObject each = new JsonObject();
      each.addProperty("id", stream.id());
      each.addProperty("bytes", stream.bytes());
      each.addProperty("retransmits", stream.retransmits());
      each.addProperty("jitter", stream.jitterSeconds());
      each.addProperty("errors", stream.lost());
      each.addProperty("packets", stream.packets());
      each.addProperty("start_time", 0);
      each.addProperty("end_time", stream.seconds());
      streams.add(each);
    }
    json.add("streams", streams);
    return json;
  }

  /**
   * The other end's results.
   *
   * @throws Iperf3Exception if there are none
   */
  static Results results(JsonObject json) throws Iperf3Exception {
    if (!(json.get("streams") instanceof JsonArray array)) {
      throw new Iperf3Exception("results without streams");
    }
    List<Stream> streams = new ArrayList<>();
    for (JsonElement element : array) {
      if (!(element instanceof JsonObject each)) {
        throw new Iperf3Exception("results with a stream that is no object");
      }
      streams.add(
          new Stream(
              (int) number(each, "id", 0),
              number(each, "bytes", 0),
              number(each, "retransmits", UNKNOWN),
              real(each, "jitter"),
              number(each, "errors", 0),
              number(each, "packets", 0),
              real(each, "end_time") - real(each, "start_time")));
    }
    return new Results(
        real(json, "cpu_util_total"),
        number(json, "sender_has_retransmits", 0) == 1,
        List.copyOf(streams));
  }

  /** True if a key is true, or a number other than 0. */
  static boolean flag(JsonObject json, String key) {
    JsonPrimitive value = primitive(json, key);
    return value != null
        && (value.isBoolean() ? value.getAsBoolean() : value.isNumber() && value.getAsInt() != 0);
  }

  private static long number(JsonObject json, String key, long whenMissing) {
    JsonPrimitive value = primitive(json, key);
    return value == null || !value.isNumber() ? whenMissing : value.getAsNumber().longValue();
  }

  private static double real(JsonObject json, String key) {
    JsonPrimitive value = primitive(json, key);
    return value == null || !value.isNumber() ? 0 : value.getAsDouble();
  }

  private static @Nullable JsonPrimitive primitive(JsonObject json, String key) {
    return json.get(key) instanceof JsonPrimitive value ? value : null;
  }
}
