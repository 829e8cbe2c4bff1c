package org.penstock.concurrency.spinlock.internal;

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
import org.osgi.service.metatype.annotations.Option;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.concurrency.spinlock.SpinLockKind;
import org.penstock.concurrency.spinlock.SpinLockStrategy;

/**
 * Offers the strategy as a service. A changed configuration holds for stacks that enter the
 * strategy from then on; a wrong one leaves the last good one in force.
 */
@Component(
    service = ConcurrencyStrategy.class,
    configurationPid = SpinLockComponent.PID,
    // Below the mailbox: to spin is right only for who chose it.
    property = {
      ConcurrencyStrategy.NAME + "=" + SpinLockStrategy.STRATEGY,
      "service.ranking:Integer=-40"
    })
@Designate(ocd = SpinLockComponent.Configuration.class)
public final class SpinLockComponent implements ConcurrencyStrategy {

  static final String PID = "org.penstock.concurrency.spinlock";

  /** The configuration as tools show it. */
  @ObjectClassDefinition(
      name = "Penstock strategy: spin lock",
      description = "One spin lock around every entry into the stack.")
  @interface Configuration {
    @AttributeDefinition(
        description = "Which lock",
        options = {
          @Option(label = "Test and test-and-set", value = "test-and-test-and-set"),
          @Option(label = "Ticket", value = "ticket")
        })
    String lock() default "test-and-test-and-set";

    @AttributeDefinition(
        min = "0",
        max = "1000000",
        description = "Turns of spinning after which a thread gives way to others; 0: never")
    int spin_turns() default SpinLockStrategy.DEFAULT_TURNS;
  }

  // Optional and dynamic: a log that comes or goes must not take the strategy away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private volatile SpinLockStrategy strategy = new SpinLockStrategy();

  /** Called by SCR. */
  public SpinLockComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> properties) {
    try {
      strategy = read(properties);
    } catch (IllegalArgumentException e) {
      log(PID + ": " + e.getMessage());
    }
  }

  static SpinLockStrategy read(Map<String, ?> properties) {
    String lock = text(properties, "lock");
    String turns = text(properties, "spin.turns");
    return new SpinLockStrategy(
        lock.isEmpty() ? SpinLockKind.TEST_AND_TEST_AND_SET : SpinLockKind.of(lock),
        turns.isEmpty() ? SpinLockStrategy.DEFAULT_TURNS : number(turns));
  }

  private static int number(String turns) {
    try {
      return Integer.parseInt(turns);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "property 'spin.turns' has the value '"
              + turns
              + "'; allowed: 0 to "
              + SpinLockStrategy.MOST_TURNS,
          e);
    }
  }

  private static String text(Map<String, ?> properties, String property) {
    Object value = properties.get(property);
    return value == null ? "" : value.toString().strip();
  }

  private void log(String line) {
    LoggerFactory factory = loggers;
    if (factory != null) {
      factory.getLogger(SpinLockComponent.class).error(line);
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
