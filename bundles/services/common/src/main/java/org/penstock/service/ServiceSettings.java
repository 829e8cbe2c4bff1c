package org.penstock.service;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;

/**
 * The properties of one service's configuration. What is wrong is said by an {@link
 * IllegalArgumentException} that names the PID, the property, its value and what is allowed.
 */
public final class ServiceSettings {

  private final String pid;
  private final Map<String, ?> values;

  /**
   * Settings.
   *
   * @param pid of the configuration, for errors
   * @param values its properties
   */
  public ServiceSettings(String pid, Map<String, ?> values) {
    this.pid = pid;
    this.values = Map.copyOf(values);
  }

  /** The PID of the configuration. */
  public String pid() {
    return pid;
  }

  /** The name of the stack that the service runs on: property {@code stack}. */
  public String stack() {
    return required("stack", "the name of a stack, such as a");
  }

  /**
   * Where the service listens: properties {@code address}, by default any IPv4 address, and {@code
   * port}.
   */
  public TransportAddress local(int defaultPort) {
    IpAddress address = parsed("address", IpAddress::parse);
    int port = (int) number("port", defaultPort, 1, 65_535);
    return new TransportAddress(address == null ? IpAddress.ANY_IPV4 : address, port);
  }

  /** A text, or null if it is not set. */
  public @Nullable String text(String key) {
    Object value = values.get(key);
    String text = value == null ? "" : value.toString().trim();
    return text.isEmpty() ? null : text;
  }

  /** A text that must be set. */
  public String required(String key, String allowed) {
    String text = text(key);
    if (text == null) {
      throw wrong(key, "(not set)", allowed);
    }
    return text;
  }

  /** A whole number within bounds. */
  public long number(String key, long whenMissing, long least, long most) {
    String text = text(key);
    if (text == null) {
      return whenMissing;
    }
    String allowed = "a whole number from " + least + " to " + most;
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, text, allowed);
    }
    throw wrong(key, text, allowed);
  }

  /** A value read by a function whose complaint becomes the message; null if it is not set. */
  public <T> @Nullable T parsed(String key, Function<String, T> parse) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(key, text, String.valueOf(e.getMessage()));
    }
  }

  /** The error about a property. */
  public IllegalArgumentException wrong(String key, String value, String allowed) {
    return new IllegalArgumentException(
        pid + ": property " + key + " = '" + value + "': allowed is " + allowed);
  }
}
