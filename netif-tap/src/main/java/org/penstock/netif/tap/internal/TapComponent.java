package org.penstock.netif.tap.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;
import org.penstock.api.netif.Netif;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/**
 * One TAP device for each configuration of {@code org.penstock.netif.tap}. The {@link Netif}
 * service is there exactly as long as the device is open; it is registered by hand, because a
 * component that fails would leave nothing but a stack trace of the container's, and a lost device
 * must take the service with it. What goes wrong is one line in the log; the container goes on.
 */
@Component(
    configurationPid = TapComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = TapMetatype.class, factory = true)
public final class TapComponent {
  static final String PID = "org.penstock.netif.tap";
  static final String TYPE = "tap";

  private record Offer(TapNetif netif, ServiceRegistration<Netif> registration) {}

  private final BundleContext context;

  // Optional and dynamic: a log that comes or goes must not close the device.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private volatile String instance = PID;
  private @Nullable Offer offer;

  /** For the component runtime. */
  @Activate
  public TapComponent(BundleContext context) {
    this.context = context;
  }

  @Activate
  void activate(Map<String, ?> properties) {
    configure(properties);
  }

  /** A wrong configuration, or one that cannot be opened, leaves the last good one at work. */
  @Modified
  synchronized void configure(Map<String, ?> properties) {
    instance = String.valueOf(properties.get(Constants.SERVICE_PID));
    TapSettings settings;
    try {
      settings = TapProperties.parse(properties);
    } catch (IllegalArgumentException e) {
      error(e.getMessage());
      return;
    }
    Offer last = offer;
    if (last != null && last.netif().settings().equals(settings)) {
      last.registration().setProperties(serviceProperties(properties, settings));
      return;
    }
    if (last != null && !last.netif().isShareable()) {
      withdraw(last); // a device with a single queue can be opened only after it was closed
      last = null;
    }
    open(settings, properties);
    if (last != null && offer != last) {
      withdraw(last);
    }
  }

  private void open(TapSettings settings, Map<String, ?> properties) {
    TapNetif netif;
    try {
      netif = TapNetif.open(settings, this::lost);
    } catch (TapException e) {
      error(e.getMessage());
      return;
    }
    netif.fallbacks().forEach(this::warn);
    offer =
        new Offer(
            netif,
            context.registerService(Netif.class, netif, serviceProperties(properties, settings)));
  }

  @Deactivate
  synchronized void deactivate() {
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
          deactivate();
        });
  }

  private static Dictionary<String, ?> serviceProperties(
      Map<String, ?> properties, TapSettings settings) {
    Dictionary<String, Object> result = new Hashtable<>();
    properties.forEach((key, value) -> {
      boolean ours = key.startsWith(".") || key.startsWith("component.");
      if (!ours && value != null) {
        result.put(key, value);
      }
    });
    result.put(Netif.NAME, settings.name());
    result.put(Netif.TYPE, TYPE);
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
    LoggerFactory factory = loggers;
    if (factory != null) {
      level.accept(factory.getLogger(TapComponent.class), line);
    } else {
      System.getLogger(TapComponent.class.getName()).log(System.Logger.Level.WARNING, line);
    }
  }
}
