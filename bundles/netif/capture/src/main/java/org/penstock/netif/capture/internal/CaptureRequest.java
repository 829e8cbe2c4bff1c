package org.penstock.netif.capture.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.capture.CaptureSettings;

/** What is typed behind {@code net:capture}. */
final class CaptureRequest {

  private static final String HELP = "; see help net:capture";

  private final List<String> operands = new ArrayList<>();
  private @Nullable String stack;
  private int snap = CaptureSettings.WHOLE;
  private long count;
  private long size;
  private int ring;
  private boolean drops;
  private int buffer = CaptureSettings.DEFAULT_BUFFER;
  private boolean limited;

  private CaptureRequest() {}

  static CaptureRequest parse(String[] words) {
    CaptureRequest request = new CaptureRequest();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (!word.startsWith("-")) {
        request.operands.add(word);
      } else if (word.equals("--drops")) {
        request.drops = true;
        request.limited = true;
      } else if (i + 1 == words.length) {
        throw new CaptureException("net:capture: option '" + word + "' needs a value" + HELP);
      } else {
        request.option(word, words[++i]);
      }
    }
    int operands = request.operands.size();
    boolean listing = operands == 0 && !request.limited;
    if (!listing && operands != 2 || request.isStop() && request.limited) {
      throw new CaptureException(
          "net:capture takes nothing, 'INTERFACE FILE', or 'stop ID', not '"
              + String.join(" ", words)
              + "'"
              + HELP);
    }
    return request;
  }

  private void option(String option, String value) {
    switch (option) {
      case "-s", "--stack" -> {
        stack = value;
        return;
      }
      case "--snap" -> snap = (int) number(option, value, Integer.MAX_VALUE);
      case "--count" -> count = number(option, value, Long.MAX_VALUE);
      case "--size" -> size = number(option, value, Long.MAX_VALUE);
      case "--ring" -> ring = (int) number(option, value, Integer.MAX_VALUE);
      case "--buffer" -> buffer = (int) number(option, value, Integer.MAX_VALUE);
      default -> throw new CaptureException("net:capture: unknown option '" + option + "'" + HELP);
    }
    limited = true;
  }

  /** A whole number, with k, m or g for powers of 1024. */
  private static long number(String option, String text, long most) {
    String digits = text.toLowerCase(Locale.ROOT);
    int shift =
        digits.endsWith("k") ? 10 : digits.endsWith("m") ? 20 : digits.endsWith("g") ? 30 : 0;
    try {
      long value = Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
      if (value > 0 && value <= most >> shift) {
        return value << shift;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CaptureException(
        "net:capture: " + option + " '" + text + "' is not a number such as 1500, 64k or 100m");
  }

  /** The stack, null for the one with the highest ranking. */
  @Nullable String stack() {
    return stack;
  }

  boolean isList() {
    return operands.isEmpty();
  }

  boolean isStop() {
    return operands.size() == 2 && operands.getFirst().equals("stop");
  }

  /** The interface to capture, or {@code stop}. */
  String first() {
    return operands.getFirst();
  }

  /** The file, or which capture to stop. */
  String second() {
    return operands.getLast();
  }

  CaptureSettings settings(LinkType linkType) {
    try {
      return new CaptureSettings(
          first(), linkType, Path.of(second()), snap, count, size, ring, drops, buffer);
    } catch (IllegalArgumentException e) {
      throw new CaptureException("net:capture: " + e.getMessage());
    }
  }
}
