package org.penstock.netif.loopback.internal;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LoggerFactory;
import org.penstock.api.netif.Netif;

/**
 * The services of one configuration. They are registered by hand: a wrong value is then one line in
 * the log and not a component's stack trace, the last good configuration stays at work, and one
 * configuration may offer several devices.
 *
 * @param <S> what a configuration is read into; equal settings keep the devices
 */
final class DeviceServices<S> {

  private final BundleContext context;
  private final String type;
  private final Function<Map<String, ?>, S> reader;
  private final Function<S, List<Netif>> maker;

  private List<ServiceRegistration<Netif>> registrations = List.of();
  private List<Netif> devices = List.of();
  private @Nullable S settings;

  /**
   * No services yet.
   *
   * @param type the kind of device, as {@link Netif#TYPE} says it
   * @param reader reads a configuration, or throws {@link IllegalArgumentException}
   * @param maker makes its devices
   */
  DeviceServices(
      BundleContext context,
      String type,
      Function<Map<String, ?>, S> reader,
      Function<S, List<Netif>> maker) {
    this.context = context;
    this.type = type;
    this.reader = reader;
    this.maker = maker;
  }

  /** Takes a new or changed configuration; a wrong one leaves the last good one at work. */
  synchronized void configure(Map<String, ?> properties, @Nullable LoggerFactory loggers) {
    S read;
    int ranking;
    try {
      read = reader.apply(properties);
      ranking = new DeviceProperties(properties).ranking();
    } catch (IllegalArgumentException e) {
      log(properties.get(Constants.SERVICE_PID) + ": " + e.getMessage(), loggers);
      return;
    }
    if (read.equals(settings)) {
      for (int i = 0; i < registrations.size(); i++) {
        registrations.get(i).setProperties(serviceProperties(properties, ranking, devices.get(i)));
      }
      return;
    }
    // The new ones are there before the old ones go, so that a slot can change over.
    List<ServiceRegistration<Netif>> last = registrations;
    devices = maker.apply(read);
    List<ServiceRegistration<Netif>> made = new ArrayList<>();
    for (Netif device : devices) {
      made.add(
          context.registerService(
              Netif.class, device, serviceProperties(properties, ranking, device)));
    }
    registrations = made;
    settings = read;
    // Whoever uses one has let go of it when this returns.
    last.forEach(ServiceRegistration::unregister);
  }

  /** Withdraws the services. */
  synchronized void close() {
    List<ServiceRegistration<Netif>> last = registrations;
    registrations = List.of();
    settings = null;
    last.forEach(ServiceRegistration::unregister);
  }

  private Dictionary<String, ?> serviceProperties(
      Map<String, ?> properties, int ranking, Netif device) {
    Dictionary<String, Object> result = new Hashtable<>();
    properties.forEach((key, value) -> {
      boolean isPrivate = key.startsWith(".") || key.startsWith("component.");
      if (!isPrivate && value != null) {
        result.put(key, value);
      }
    });
    result.put(Netif.NAME, device.name());
    result.put(Netif.TYPE, type);
    result.put(Constants.SERVICE_RANKING, ranking);
    return result;
  }

  private static void log(String line, @Nullable LoggerFactory loggers) {
    if (loggers != null) {
      loggers.getLogger(DeviceServices.class).error(line);
    } else {
      System.getLogger(DeviceServices.class.getName()).log(System.Logger.Level.ERROR, line);
    }
  }
}
