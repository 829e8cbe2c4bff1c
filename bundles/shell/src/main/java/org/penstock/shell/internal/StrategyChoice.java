package org.penstock.shell.internal;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.Stack;

/**
 * Has a stack use another strategy: at once, and then by the stack's configuration, whose filter
 * {@code strategy.target} keeps it in force from then on.
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
    if (stack.strategy() != strategy) {
      String refused = stack.swap(strategy, SwapCause.COMMAND);
      if (refused != null) {
        throw new CommandException(refused);
      }
    }
    configuration.set(stack, TARGET, "(" + ConcurrencyStrategy.NAME + "=" + strategy.name() + ")");
  }
}
