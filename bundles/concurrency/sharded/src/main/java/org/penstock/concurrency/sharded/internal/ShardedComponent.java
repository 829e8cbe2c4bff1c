package org.penstock.concurrency.sharded.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
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
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.concurrency.sharded.ShardedStrategy;

/**
 * Offers the strategy as a service, with or without a configuration. The service is registered by
 * hand: a wrong value is then one line in the log, and what was good before stays at work; another
 * number of shards is another service, which is there before the first one goes, so that stacks
 * change over to it. The component runtime calls one method at a time.
 */
@Component(
    configurationPid = ShardedComponent.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {},
    immediate = true)
@Designate(ocd = ShardedComponent.Configuration.class)
public final class ShardedComponent {

  static final String PID = "org.penstock.concurrency.sharded";
  static final String SHARDS = "shards";
  private static final String ALLOWED_SHARDS =
      "1 to " + ShardedStrategy.MOST_SHARDS + " shards, or 0 for one for each processor";

  /** Of its own among the strategies: the default does not depend on which bundle started first. */
  private static final int RANKING = -35;

  /** The configuration as tools show it. */
  @ObjectClassDefinition(
      name = "Penstock strategy: sharded",
      description = "A thread for each partition, which drives a driver queue.")
  @interface Configuration {
    @AttributeDefinition(
        min = "0",
        max = "" + ShardedStrategy.MOST_SHARDS,
        description = "Threads and partitions; 0: one for each processor")
    int shards() default ShardedStrategy.ONE_FOR_EACH_PROCESSOR;
  }

  private record Settings(int shards, int ranking) {
    private static final Settings USUAL =
        new Settings(ShardedStrategy.ONE_FOR_EACH_PROCESSOR, RANKING);
  }

  // Optional and dynamic: a log that comes or goes must not take the strategy away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private final BundleContext context;
  private @Nullable ServiceRegistration<ConcurrencyStrategy> registration;
  private Settings settings = Settings.USUAL;

  /** For the component runtime. */
  @Activate
  public ShardedComponent(BundleContext context) {
    this.context = context;
  }

  @Activate
  @Modified
  void configure(Map<String, ?> properties) {
    ServiceRegistration<ConcurrencyStrategy> last = registration;
    Settings wanted;
    try {
      wanted = read(properties);
    } catch (IllegalArgumentException e) {
      log(PID + ": " + e.getMessage());
      if (last != null) {
        return;
      }
      wanted = Settings.USUAL;
    }
    if (last != null && wanted.equals(settings)) {
      return;
    }
    settings = wanted;
    registration =
        context.registerService(
            ConcurrencyStrategy.class,
            new ShardedStrategy(wanted.shards()),
            serviceProperties(wanted));
    if (last != null) {
      last.unregister();
    }
  }

  @Deactivate
  void deactivate() {
    ServiceRegistration<ConcurrencyStrategy> last = registration;
    registration = null;
    if (last != null) {
      last.unregister();
    }
  }

  private static Settings read(Map<String, ?> properties) {
    int shards =
        number(
            properties.get(SHARDS), ShardedStrategy.ONE_FOR_EACH_PROCESSOR, SHARDS, ALLOWED_SHARDS);
    if (shards < 0 || shards > ShardedStrategy.MOST_SHARDS) {
      throw wrong(SHARDS, shards, ALLOWED_SHARDS);
    }
    // A file's ranking is text, which the framework takes for 0.
    Object ranking = properties.get(Constants.SERVICE_RANKING);
    return new Settings(
        shards, number(ranking, RANKING, Constants.SERVICE_RANKING, "a whole number"));
  }

  private static int number(@Nullable Object value, int usual, String property, String allowed) {
    String text = value == null ? "" : value.toString().strip();
    if (text.isEmpty()) {
      return usual;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(property, text, allowed);
    }
  }

  private static IllegalArgumentException wrong(String property, Object value, String allowed) {
    return new IllegalArgumentException(
        "property '" + property + "' has the value '" + value + "'; allowed: " + allowed);
  }

  private static Dictionary<String, ?> serviceProperties(Settings settings) {
    Dictionary<String, Object> result = new Hashtable<>();
    result.put(ConcurrencyStrategy.NAME, ShardedStrategy.STRATEGY);
    result.put(Constants.SERVICE_RANKING, settings.ranking());
    return result;
  }

  private void log(String line) {
    LoggerFactory factory = loggers;
    if (factory != null) {
      factory.getLogger(ShardedComponent.class).error(line);
    } else {
      System.getLogger(ShardedComponent.class.getName()).log(System.Logger.Level.ERROR, line);
    }
  }
}
