package org.penstock.netif.fault.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.impairment.BurstLoss;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.netif.fault.FaultSettings;

/**
 * Reads the properties of a configuration, which may be typed or, as File Install reads them from a
 * file, all text. A property of what happens to frames holds for both directions, unless it stands
 * there once more with {@code in.} or {@code out.} in front. What is wrong is told with the
 * property, its value, and what is allowed.
 */
final class FaultProperties {

  static final String STACK = "stack";
  static final String SLOT = "slot";
  static final String DEFAULT_SLOT = "net0";
  static final String SEED = "seed";
  static final String MEMORY = "memory";
  static final String IN = "in.";
  static final String OUT = "out.";

  /** What may happen to frames, without the direction. */
  static final List<String> IMPAIRMENTS =
      List.of(
          "loss",
          "burst.loss",
          "burst.length",
          "delay",
          "jitter",
          "reorder",
          "reorder.delay",
          "duplicate",
          "duplicate.delay",
          "corrupt",
          "rate",
          "queue",
          "mark",
          "mtu",
          "down");

  private static final long DEFAULT_REORDER_NANOS = 10_000_000;
  private static final long DEFAULT_QUEUE_BYTES = 256 << 10;
  private static final double DEFAULT_BURST_FRAMES = 3;

  /**
   * A configuration.
   *
   * @param stack the stack's name
   * @param slot the interface's name
   * @param settings what happens to frames
   */
  record Read(String stack, String slot, FaultSettings settings) {}

  private final Map<String, ?> properties;

  FaultProperties(Map<String, ?> properties) {
    this.properties = properties;
  }

  /**
   * Reads all.
   *
   * @throws IllegalArgumentException for a wrong value; the message names the property, the value
   *     and what is allowed
   */
  Read read() {
    String stack = text(STACK);
    if (stack == null) {
      throw new IllegalArgumentException(
          "property 'stack' is missing; allowed: the name of a stack, such as a");
    }
    String slot = text(SLOT);
    long seed = value(SEED, 0L, Long::parseLong, "a whole number");
    return new Read(
        stack,
        slot == null ? DEFAULT_SLOT : slot,
        new FaultSettings(network(IN), network(OUT), seed, memory()));
  }

  private long memory() {
    String allowed = FaultSettings.LEAST_MEMORY + " to " + FaultSettings.MOST_MEMORY + " bytes";
    long bytes = value(MEMORY, FaultSettings.DEFAULT_MEMORY, Quantity::bytes, allowed);
    if (bytes < FaultSettings.LEAST_MEMORY || bytes > FaultSettings.MOST_MEMORY) {
      throw wrong(MEMORY, String.valueOf(text(MEMORY)), allowed);
    }
    return bytes;
  }

  private ImpairmentConfig network(String way) {
    return ImpairmentConfig.builder()
        .loss(probability(way, "loss"))
        .burstLoss(bursts(way))
        .delay(time(way, "delay", 0))
        .jitter(time(way, "jitter", 0))
        .reorder(probability(way, "reorder"), time(way, "reorder.delay", DEFAULT_REORDER_NANOS))
        .duplicate(probability(way, "duplicate"), time(way, "duplicate.delay", 0))
        .corrupt(probability(way, "corrupt"))
        .rate(
            of(way, "rate", 0L, Quantity::bits, Quantity.RATE),
            of(way, "queue", DEFAULT_QUEUE_BYTES, Quantity::bytes, Quantity.SIZE))
        .mark(of(way, "mark", 0L, Quantity::bytes, Quantity.SIZE))
        .mtu(of(way, "mtu", 0, FaultProperties::mtu, "0 for none, or 68 to 65535 bytes"))
        .down(of(way, "down", false, FaultProperties::flag, "true or false"))
        .build();
  }

  private BurstLoss bursts(String way) {
    double share = probability(way, "burst.loss");
    double frames =
        of(
            way,
            "burst.length",
            DEFAULT_BURST_FRAMES,
            FaultProperties::frames,
            "a mean of 1 frame or more");
    if (share == 1) {
      throw wrong("burst.loss", "1", "less than all frames; 'down' loses all");
    }
    return share == 0 ? BurstLoss.NONE : BurstLoss.bursts(share, frames);
  }

  private double probability(String way, String property) {
    return of(way, property, 0.0, Quantity::probability, Quantity.PROBABILITY);
  }

  private Duration time(String way, String property, long otherwise) {
    return Duration.ofNanos(of(way, property, otherwise, Quantity::nanos, Quantity.TIME));
  }

  private static int mtu(String text) {
    int bytes = Integer.parseInt(text);
    if (bytes != 0 && (bytes < 68 || bytes > 65_535)) {
      throw new IllegalArgumentException(text);
    }
    return bytes;
  }

  private static double frames(String text) {
    double frames = Double.parseDouble(text);
    if (!(frames >= 1 && frames <= 1e9)) {
      throw new IllegalArgumentException(text);
    }
    return frames;
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private <T> T of(
      String way, String property, T otherwise, Function<String, T> reader, String allowed) {
    String directed = way + property;
    return value(text(directed) == null ? property : directed, otherwise, reader, allowed);
  }

  private <T> T value(String property, T otherwise, Function<String, T> reader, String allowed) {
    String text = text(property);
    if (text == null) {
      return otherwise;
    }
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(property, text, allowed);
    }
  }

  /** What is set of a direction, as {@code loss=1% delay=20ms}. */
  String shown(String way) {
    List<String> set = new ArrayList<>();
    for (String property : IMPAIRMENTS) {
      String directed = text(way + property);
      String text = directed == null ? text(property) : directed;
      if (text != null) {
        set.add(property + "=" + text);
      }
    }
    return String.join(" ", set);
  }

  private @Nullable String text(String property) {
    Object value = properties.get(property);
    String text = value == null ? "" : value.toString().strip();
    return text.isEmpty() ? null : text;
  }

  private static IllegalArgumentException wrong(String property, String text, String allowed) {
    return new IllegalArgumentException(
        "property '" + property + "' has the value '" + text + "'; allowed: " + allowed);
  }
}
