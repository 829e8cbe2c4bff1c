package org.penstock.concurrency.striped.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.striped.StripedStrategy;

/**
 * Offers the strategy as a service. A changed configuration holds for stacks that enter the
 * strategy from then on; a wrong one leaves the last good one in force.
 */
@Component(
    service = ConcurrencyStrategy.class,
    configurationPid = StripedComponent.PID,
    property = {
      ConcurrencyStrategy.NAME + "=" + StripedStrategy.STRATEGY,
      "service.ranking:Integer=-20"
    })
@Designate(ocd = StripedComponent.Configuration.class)
public final class StripedComponent implements ConcurrencyStrategy {

  static final String PID = "org.penstock.concurrency.striped";

  /** The configuration as tools show it. */
  @ObjectClassDefinition(
      name = "Penstock strategy: striped",
      description = "A lock for each partition, entered on the caller's own thread.")
  @interface Configuration {
    @AttributeDefinition(
        min = "0",
        max = "1024",
        description = "Partitions, a power of two; 0: as many as suit the processors")
    int partitions() default StripedStrategy.BY_PROCESSORS;
  }

  // Optional and dynamic: a log that comes or goes must not take the strategy away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private volatile StripedStrategy strategy = new StripedStrategy();

  /** Called by SCR. */
  public StripedComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> properties) {
    try {
      strategy = read(properties);
    } catch (IllegalArgumentException e) {
      log(PID + ": " + e.getMessage());
    }
  }

  static StripedStrategy read(Map<String, ?> properties) {
    Object value = properties.get("partitions");
    String partitions = value == null ? "" : value.toString().strip();
    if (partitions.isEmpty()) {
      return new StripedStrategy();
    }
    try {
      return new StripedStrategy(Integer.parseInt(partitions));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "property 'partitions' has the value '" + partitions + "'; allowed: a power of two", e);
    }
  }

  private void log(String line) {
    LoggerFactory factory = loggers;
    if (factory != null) {
      factory.getLogger(StripedComponent.class).error(line);
    } else {
      System.getLogger(PID).log(System.Logger.Level.ERROR, line);
    }
  }

  @Override
  public String name() {
    return strategy.name();
  }

  @Override
  public int partitions(int cells, int processors) {
    return strategy.partitions(cells, processors);
  }

  @Override
  public StrategyInstance start(StrategyHost host) {
    return strategy.start(host);
  }
}
