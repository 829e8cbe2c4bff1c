package org.penstock.core.internal.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties of one configuration. Every error names the PID, the property, its value and
 * what is allowed.
 */
final class Properties {

  private final String pid;
  private final Map<String, ?> values;

  Properties(String pid, Map<String, ?> values) {
    this.pid = pid;
    this.values = values;
  }

  String required(String key, String allowed) {
    String value = text(key);
    if (value == null) {
      throw wrong(key, "(not set)", allowed);
    }
    return value;
  }

  @Nullable String text(String key) {
    Object value = values.get(key);
    String text = value == null ? "" : value.toString().trim();
    return text.isEmpty() ? null : text;
  }

  long number(String key, long whenMissing, long least, long most) {
    String text = text(key);
    if (text == null) {
      return whenMissing;
    }
    String allowed = "a whole number from " + least + " to " + most;
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(key, text, allowed);
    }
    if (value < least || value > most) {
      throw wrong(key, text, allowed);
    }
    return value;
  }

  boolean flag(String key, boolean whenMissing) {
    String text = text(key);
    if (text == null) {
      return whenMissing;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, text, "true or false");
    };
  }

  /** A value that a factory method reads; its complaint becomes the message. */
  <T> @Nullable T parsed(String key, Function<String, T> parse) {
    String text = text(key);
    return text == null ? null : parse(key, text, parse);
  }

  /** As {@link #parsed}, with a value for where it is not set. */
  <T> T parsedOr(String key, Function<String, T> parse, T whenMissing) {
    T value = parsed(key, parse);
    return value == null ? whenMissing : value;
  }

  /** A list: an array, a collection, or one text with commas. */
  <T> List<T> list(String key, Function<String, T> parse) {
    List<String> items = new ArrayList<>();
    Object value = values.get(key);
    if (value instanceof Object[] array) {
      for (Object item : array) {
        items.add(String.valueOf(item));
      }
    } else if (value instanceof Collection<?> collection) {
      for (Object item : collection) {
        items.add(String.valueOf(item));
      }
    } else if (value != null) {
      items.addAll(List.of(value.toString().split(",")));
    }
    List<T> parsed = new ArrayList<>();
    for (String item : items) {
      if (!item.isBlank()) {
        parsed.add(parse(key, item.trim(), parse));
      }
    }
    return parsed;
  }

  IllegalArgumentException wrong(String key, String value, String allowed) {
    return new IllegalArgumentException(
        pid + ": property " + key + " = '" + value + "': allowed is " + allowed);
  }

  private <T> T parse(String key, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          pid + ": property " + key + " = '" + text + "': " + e.getMessage(), e);
    }
  }
}
