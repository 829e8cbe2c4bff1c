package org.penstock.netif.tap.internal;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.netif.tap.TapSettings;

/**
 * Reads {@link TapSettings} from the properties of a configuration, which may be typed or, as File
 * Install reads them from a file, all text.
 */
final class TapProperties {
  static final String NAME = "name";
  static final String NETNS = "netns";
  static final String PERSISTENT = "persistent";
  static final String MTU = "mtu";
  static final String MAC = "mac";
  static final String OFFLOAD = "offload";
  static final String QUEUES = "queues";
  static final String SPIN_MICROS = "spin.micros";

  private final Map<String, ?> properties;

  private TapProperties(Map<String, ?> properties) {
    this.properties = properties;
  }

  /**
   * Reads them all; what is not set has its default.
   *
   * @param linkType what the device's frames start with
   * @throws IllegalArgumentException for a wrong value; the message names the property, the value
   *     and what is allowed
   */
  static TapSettings parse(LinkType linkType, Map<String, ?> properties) {
    var reader = new TapProperties(properties);
    String name = reader.text(NAME);
    if (name == null) {
      throw new IllegalArgumentException(
          "property 'name' is missing; allowed: an interface's name such as "
              + (linkType == LinkType.ETHERNET ? "tap0" : "tun0"));
    }
    String netns = reader.text(NETNS);
    return new TapSettings(
        linkType,
        name,
        netns == null ? "" : netns,
        reader.flag(PERSISTENT, false),
        reader.number(MTU, 0),
        reader.value(MAC, MacAddress::parse, "an Ethernet address such as 02:00:5e:10:00:01"),
        reader.flag(OFFLOAD, true),
        reader.number(QUEUES, 1),
        reader.number(SPIN_MICROS, 0));
  }

  /**
   * The ranking of the service, which only a number is taken for.
   *
   * @throws IllegalArgumentException for anything else
   */
  static int ranking(Map<String, ?> properties) {
    return new TapProperties(properties).number(Constants.SERVICE_RANKING, 0);
  }

  private @Nullable String text(String property) {
    Object value = properties.get(property);
    String text = value == null ? "" : value.toString().strip();
    return text.isEmpty() ? null : text;
  }

  private int number(String property, int otherwise) {
    Integer value = value(property, Integer::valueOf, "a whole number");
    return value == null ? otherwise : value;
  }

  private boolean flag(String property, boolean otherwise) {
    Boolean value = value(property, TapProperties::flag, "true or false");
    return value == null ? otherwise : value;
  }

  private static Boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private <T> @Nullable T value(String property, Function<String, T> parser, String allowed) {
    String text = text(property);
    if (text == null) {
      return null;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "property '" + property + "' has the value '" + text + "'; allowed: " + allowed, e);
    }
  }
}
