package org.penstock.netif.fault.internal;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configuration of one interface's injector, which may not exist yet. */
final class FaultConfiguration {

  private final ConfigurationAdmin configurations;
  private final String stack;
  private final String slot;

  FaultConfiguration(@Nullable ConfigurationAdmin configurations, String stack, String slot) {
    if (configurations == null) {
      throw new FaultException(
          "net:fault changes configurations, and there is no Config Admin service");
    }
    this.configurations = configurations;
    this.stack = stack;
    this.slot = slot;
  }

  /** Adds what is asked for to what is set, or deletes it. */
  void change(FaultRequest request) throws IOException {
    Configuration there = find();
    if (request.isOff()) {
      if (there != null) {
        there.delete();
      }
      return;
    }
    Map<String, Object> properties = new HashMap<>();
    if (there != null && there.getProperties() != null) {
      properties.putAll(asMap(there.getProperties()));
    }
    properties.put(FaultProperties.STACK, stack);
    properties.put(FaultProperties.SLOT, slot);
    properties.putAll(request.options());
    try {
      // What is wrong is told here, where somebody reads it, and not in the log.
      new FaultProperties(properties).read();
    } catch (IllegalArgumentException e) {
      throw new FaultException("net:fault: " + e.getMessage());
    }
    Configuration changed =
        there != null
            ? there
            : configurations.getFactoryConfiguration(FaultComponent.PID, stack + "." + slot, "?");
    changed.update(new Hashtable<>(properties));
  }

  private @Nullable Configuration find() throws IOException {
    try {
      Configuration[] all =
          configurations.listConfigurations("(service.factoryPid=" + FaultComponent.PID + ")");
      for (Configuration each : all == null ? new Configuration[0] : all) {
        Object namedStack = each.getProperties().get(FaultProperties.STACK);
        Object namedSlot = each.getProperties().get(FaultProperties.SLOT);
        if (stack.equals(namedStack)
            && slot.equals(namedSlot == null ? FaultProperties.DEFAULT_SLOT : namedSlot)) {
          return each;
        }
      }
      return null;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> asMap(Dictionary<String, Object> properties) {
    Map<String, Object> map = new HashMap<>();
    for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
      String key = keys.nextElement();
      map.put(key, properties.get(key));
    }
    return map;
  }
}
