package org.penstock.netif.fault.internal;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers with units, as people write them; refuses others with what is allowed. */
final class Quantity {

  /** What is allowed, for people. */
  static final String PROBABILITY = "0 to 1, or 0% to 100%";

  static final String TIME = "a time such as 20ms, 500us or 1.5s";
  static final String RATE = "bits a second such as 10mbit, 1gbit or 64000";
  static final String SIZE = "bytes such as 1500, 64k or 16m";

  private static final Pattern FORM = Pattern.compile("([0-9]*\\.?[0-9]+)\\s*([a-zµ%]*)");
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000_000L);

  private static final Map<String, Long> TIMES =
      Map.of("ns", 1L, "us", 1_000L, "µs", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);
  private static final Map<String, Long> RATES =
      Map.of("", 1L, "bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);

  private Quantity() {}

  /** From 0 to 1. */
  static double probability(String text) {
    Matcher form = match(text, PROBABILITY);
    boolean percent = form.group(2).equals("%");
    BigDecimal value = new BigDecimal(form.group(1)).movePointLeft(percent ? 2 : 0);
    if (!percent && !form.group(2).isEmpty() || value.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(PROBABILITY);
    }
    return value.doubleValue();
  }

  /** Nanoseconds. */
  static long nanos(String text) {
    return text.equals("0") ? 0 : scaled(text, TIMES, TIME);
  }

  /** Bits a second. */
  static long bits(String text) {
    return scaled(text, RATES, RATE);
  }

  /** Bytes. */
  static long bytes(String text) {
    return scaled(text, SIZES, SIZE);
  }

  private static long scaled(String text, Map<String, Long> units, String allowed) {
    Matcher form = match(text, allowed);
    Long unit = units.get(form.group(2));
    if (unit == null) {
      throw new IllegalArgumentException(allowed);
    }
    BigDecimal value = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
    if (value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(allowed);
    }
    return value.longValue();
  }

  private static Matcher match(String text, String allowed) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException(allowed);
    }
    return form;
  }
}
