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

  /** Below global-lock and mailbox: the default does not depend on which bundle started first. */
  private static final int RANKING = -30;

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

  // Optional and dynamic: a log that comes or goes must not take the strategy away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private final BundleContext context;
  private @Nullable ServiceRegistration<ConcurrencyStrategy> registration;
  private int shards;

  /** For the component runtime. */
  @Activate
  public ShardedComponent(BundleContext context) {
    this.context = context;
  }

  @Activate
  @Modified
  void configure(Map<String, ?> properties) {
    ServiceRegistration<ConcurrencyStrategy> last = registration;
    int wanted;
    try {
      wanted = read(properties.get(SHARDS));
    } catch (IllegalArgumentException e) {
      log(String.valueOf(e.getMessage()));
      if (last != null) {
        return;
      }
      wanted = ShardedStrategy.ONE_FOR_EACH_PROCESSOR;
    }
    if (last != null && wanted == shards) {
      return;
    }
    shards = wanted;
    registration =
        context.registerService(
            ConcurrencyStrategy.class, new ShardedStrategy(wanted), serviceProperties(properties));
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

  private static int read(@Nullable Object value) {
    String text = value == null ? "" : value.toString().strip();
    if (text.isEmpty()) {
      return ShardedStrategy.ONE_FOR_EACH_PROCESSOR;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= ShardedStrategy.MOST_SHARDS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        PID
            + ": property '"
            + SHARDS
            + "' has the value '"
            + text
            + "'; allowed: 1 to "
            + ShardedStrategy.MOST_SHARDS
            + " shards, or 0 for one for each processor");
  }

  private static Dictionary<String, ?> serviceProperties(Map<String, ?> properties) {
    Dictionary<String, Object> result = new Hashtable<>();
    result.put(ConcurrencyStrategy.NAME, ShardedStrategy.STRATEGY);
    Object ranking = properties.get(Constants.SERVICE_RANKING);
    result.put(Constants.SERVICE_RANKING, ranking instanceof Integer set ? set : RANKING);
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
