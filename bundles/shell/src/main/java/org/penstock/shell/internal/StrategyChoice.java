package org.penstock.shell.internal;

import java.util.function.Supplier;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.core.api.Stack;

/**
 * Has a stack use another strategy: through the stack's configuration, whose filter {@code
 * strategy.target} says so from then on, and where it has none by asking the stack itself.
 */
public final class StrategyChoice {

  private static final String TARGET = "strategy.target";

  private final StackConfiguration configuration;

  /** Through these configurations. */
  public StrategyChoice(StackConfiguration configuration) {
    this.configuration = configuration;
  }

  /**
   * Returns when the stack uses the strategy.
   *
   * @throws CommandException if it does not; the message says why
   */
  public void use(Stack stack, ConcurrencyStrategy strategy) {
    Supplier<String> inForce = () -> stack.view().strategy().name();
    if (inForce.get().equals(strategy.name())) {
      return;
    }
    String filter = "(" + ConcurrencyStrategy.NAME + "=" + strategy.name() + ")";
    if (configuration.set(stack, TARGET, filter)) {
      StackConfiguration.await(stack, inForce, strategy.name());
      return;
    }
    String refused = stack.swap(strategy);
    if (refused != null) {
      throw new CommandException(refused);
    }
  }
}
