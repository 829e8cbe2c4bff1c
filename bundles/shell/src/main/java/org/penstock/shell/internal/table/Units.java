package org.penstock.shell.internal.table;

import java.util.Locale;

/** Numbers with units, for people. */
public final class Units {

  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] DECIMAL = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
  private static final long MICROSECOND = 1_000;
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private Units() {}

  /** Bytes, such as {@code 512 B} or {@code 1.5 MiB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    // What would be rounded to 1024.0 is shown in the next unit.
    while (Math.abs(value) >= (unit == 0 ? 1024 : 1023.95) && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, BINARY[unit]);
  }

  /** A span of time, such as {@code 214 us}, {@code 1.25 ms}, {@code 12.3 s} or {@code 5 min}. */
  public static String time(long nanos) {
    if (nanos < MICROSECOND) {
      return nanos + " ns";
    } else if (nanos < MILLISECOND) {
      return threeDigits((double) nanos / MICROSECOND) + " us";
    } else if (nanos < SECOND) {
      return threeDigits((double) nanos / MILLISECOND) + " ms";
    } else if (nanos < 2 * MINUTE) {
      return threeDigits((double) nanos / SECOND) + " s";
    } else if (nanos < 2 * HOUR) {
      return nanos / MINUTE + " min";
    }
    return nanos / HOUR + " h";
  }

  /** Milliseconds with a microsecond's precision, as ping shows them. */
  public static String milliseconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", (double) nanos / MILLISECOND);
  }

  /** The speed of a transfer, such as {@code 937 Mbit/s}; {@code -} if it took no time. */
  public static String rate(long bytes, long nanos) {
    if (nanos <= 0) {
      return "-";
    }
    double value = bytes * 8.0 * SECOND / nanos;
    int unit = 0;
    while (value >= 999.5 && unit < DECIMAL.length - 1) {
      value /= 1000;
      unit++;
    }
    return threeDigits(value) + " " + DECIMAL[unit];
  }

  private static String threeDigits(double value) {
    String format = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }
}
