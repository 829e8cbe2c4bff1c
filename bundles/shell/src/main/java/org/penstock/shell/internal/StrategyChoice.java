package org.penstock.shell.internal;

import java.io.IOException;
import java.util.Dictionary;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.view.StackView;
import org.penstock.core.api.Stack;

/**
 * Has a stack use another strategy: through the stack's configuration, whose filter {@code
 * strategy.target} says so from then on, and where it has none by asking the stack itself.
 */
public final class StrategyChoice {

  private static final String TARGET = "strategy.target";
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long LOOK_NANOS = 5_000_000L;

  private final @Nullable ConfigurationAdmin configurations;

  /** With the configurations there are, null for none. */
  public StrategyChoice(@Nullable ConfigurationAdmin configurations) {
    this.configurations = configurations;
  }

  /**
   * Returns when the stack uses the strategy.
   *
   * @throws CommandException if it does not; the message says why
   */
  public void use(Stack stack, ConcurrencyStrategy strategy) {
    if (stack.view().strategy().name().equals(strategy.name())) {
      return;
    }
    try {
      Configuration configuration = configuration(stack.name());
      if (configuration == null) {
        String refused = stack.swap(strategy);
        if (refused != null) {
          throw new CommandException(refused);
        }
        return;
      }
      Dictionary<String, Object> properties = configuration.getProperties();
      properties.put(TARGET, "(" + ConcurrencyStrategy.NAME + "=" + strategy.name() + ")");
      configuration.update(properties);
    } catch (IOException | InvalidSyntaxException e) {
      throw new CommandException("the stack's configuration can't be changed: " + e.getMessage());
    }
    await(stack, strategy.name());
  }

  private @Nullable Configuration configuration(String stack)
      throws IOException, InvalidSyntaxException {
    if (configurations == null) {
      return null;
    }
    Configuration[] found =
        configurations.listConfigurations(
            "(&(service.factoryPid=org.penstock.stack)(name=" + stack + "))");
    return found == null || found.length == 0 ? null : found[0];
  }

  private static void await(Stack stack, String strategy) {
    StackView view = stack.view();
    long deadline = stack.runtime().nanoTime() + PATIENCE_NANOS;
    while (!view.strategy().name().equals(strategy)) {
      if (stack.runtime().nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new CommandException(
            "stack " + stack.name() + " still uses '" + view.strategy().name() + "'; see the log");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
