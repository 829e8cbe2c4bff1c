package org.penstock.netif.loopback.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;
import org.penstock.netif.loopback.SwitchOptions;

/**
 * Reads the properties of a configuration, which may be typed or, as File Install reads them from a
 * file, all text. What is wrong is told with the property, its value, and what is allowed.
 */
final class DeviceProperties {

  static final String NAME = "name";
  static final String MTU = "mtu";
  static final String QUEUE_LENGTH = "queue.length";
  static final String OFFLOAD = "offload";
  static final String PORTS = "ports";
  static final String ADDRESSES = "addresses";
  static final String AGEING_SECONDS = "ageing.seconds";

  private final Map<String, ?> properties;

  DeviceProperties(Map<String, ?> properties) {
    this.properties = properties;
  }

  /**
   * The device's name.
   *
   * @throws IllegalArgumentException if it is missing
   */
  String name(String example) {
    String name = text(NAME);
    if (name == null) {
      throw new IllegalArgumentException(
          "property 'name' is missing; allowed: a name such as " + example);
    }
    return name;
  }

  int mtu(int otherwise) {
    return number(MTU, otherwise, CableOptions.LEAST_MTU, CableOptions.MOST_MTU, "bytes");
  }

  int queueLength(int otherwise) {
    return number(QUEUE_LENGTH, otherwise, 1, CableOptions.MOST_FRAMES, "frames");
  }

  int ports(int otherwise) {
    return number(PORTS, otherwise, SwitchOptions.LEAST_PORTS, SwitchOptions.MOST_PORTS, "ports");
  }

  int addresses(int otherwise) {
    return number(
        ADDRESSES,
        otherwise,
        SwitchOptions.LEAST_ADDRESSES,
        SwitchOptions.MOST_ADDRESSES,
        "stations");
  }

  int ageingSeconds(int otherwise) {
    return number(AGEING_SECONDS, otherwise, 1, SwitchOptions.MOST_AGEING_SECONDS, "seconds");
  }

  /** The ranking of the services, which only a number is taken for. */
  int ranking() {
    String text = text(Constants.SERVICE_RANKING);
    try {
      return text == null ? 0 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(Constants.SERVICE_RANKING, String.valueOf(text), "a whole number");
    }
  }

  Offload offload(Offload otherwise) {
    String text = text(OFFLOAD);
    if (text == null) {
      return otherwise;
    }
    for (Offload offload : Offload.values()) {
      if (text.equalsIgnoreCase(offload.name())) {
        return offload;
      }
    }
    List<String> allowed =
        Arrays.stream(Offload.values()).map(o -> o.name().toLowerCase(Locale.ROOT)).toList();
    throw wrong(OFFLOAD, text, String.join(", ", allowed));
  }

  private int number(String property, int otherwise, int least, int most, String unit) {
    String text = text(property);
    if (text == null) {
      return otherwise;
    }
    String allowed = least + " to " + most + " " + unit;
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(property, text, allowed);
    }
    if (value < least || value > most) {
      throw wrong(property, text, allowed);
    }
    return value;
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
