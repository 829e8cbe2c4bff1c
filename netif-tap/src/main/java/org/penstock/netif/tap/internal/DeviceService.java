package org.penstock.netif.tap.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/**
 * The device of one configuration. Its {@link Netif} service is there exactly as long as the device
 * is open; it is registered by hand, because a component that fails would leave nothing but a stack
 * trace of the container's, and a lost device must take the service with it. What goes wrong is one
 * line in the log; the container goes on.
 */
final class DeviceService {
  private record Offer(TapNetif netif, ServiceRegistration<Netif> registration) {}

  private final BundleContext context;
  private final LinkType linkType;
  private final String type;
  private final Supplier<@Nullable LoggerFactory> loggers;

  private volatile String instance = "";
  private @Nullable Offer offer;

  /**
   * No device yet.
   *
   * @param linkType what its frames start with
   * @param type the kind of device, as {@link Netif#TYPE} says it
   * @param loggers the log at this moment, if there is one
   */
  DeviceService(
      BundleContext context,
      LinkType linkType,
      String type,
      Supplier<@Nullable LoggerFactory> loggers) {
    this.context = context;
    this.linkType = linkType;
    this.type = type;
    this.loggers = loggers;
  }

  /** A wrong configuration, or one that cannot be opened, leaves the last good one at work. */
  synchronized void configure(Map<String, ?> properties) {
    instance = String.valueOf(properties.get(Constants.SERVICE_PID));
    TapSettings settings;
    Dictionary<String, ?> offered;
    try {
      settings = TapProperties.parse(linkType, properties);
      offered = serviceProperties(properties, settings);
    } catch (IllegalArgumentException e) {
      error(e.getMessage());
      return;
    }
    Offer last = offer;
    if (last != null && last.netif().settings().equals(settings)) {
      last.registration().setProperties(offered);
      return;
    }
    if (last != null && !last.netif().isShareable()) {
      withdraw(last); // a device with a single queue can be opened only after it was closed
      last = null;
    }
    open(settings, offered);
    if (last != null && offer != last) {
      withdraw(last);
    }
  }

  private void open(TapSettings settings, Dictionary<String, ?> offered) {
    TapNetif netif;
    try {
      netif = TapNetif.open(settings, this::lost);
    } catch (TapException e) {
      error(e.getMessage());
      return;
    }
    netif.fallbacks().forEach(this::warn);
    offer = new Offer(netif, context.registerService(Netif.class, netif, offered));
  }

  /** Withdraws the service and closes the device. */
  synchronized void close() {
    Offer last = offer;
    if (last != null) {
      offer = null;
      withdraw(last);
    }
  }

  private void withdraw(Offer last) {
    if (offer == last) {
      offer = null;
    }
    // Whoever uses it has let go of it when this returns.
    last.registration().unregister();
    try {
      last.netif().close();
    } catch (TapException e) {
      error(e.getMessage());
    }
  }

  /** By the thread that drives the queue, for whose leaving the unregistering would wait. */
  private void lost(TapException cause) {
    Thread.ofPlatform()
        .daemon(true)
        .name("penstock-tap-lost")
        .start(() -> {
          warn(cause.getMessage() + "; update the configuration to create it anew");
          close();
        });
  }

  private Dictionary<String, ?> serviceProperties(Map<String, ?> properties, TapSettings settings) {
    Dictionary<String, Object> result = new Hashtable<>();
    properties.forEach((key, value) -> {
      boolean ours = key.startsWith(".") || key.startsWith("component.");
      if (!ours && value != null) {
        result.put(key, value);
      }
    });
    result.put(Netif.NAME, settings.name());
    result.put(Netif.TYPE, type);
    result.put(Constants.SERVICE_RANKING, TapProperties.ranking(properties));
    return result;
  }

  private void error(@Nullable String message) {
    log(message, Logger::error);
  }

  private void warn(@Nullable String message) {
    log(message, Logger::warn);
  }

  private void log(@Nullable String message, BiConsumer<Logger, String> level) {
    String line = instance + ": " + message;
    LoggerFactory factory = loggers.get();
    if (factory != null) {
      level.accept(factory.getLogger(DeviceService.class), line);
    } else {
      System.getLogger(DeviceService.class.getName()).log(System.Logger.Level.WARNING, line);
    }
  }
}
