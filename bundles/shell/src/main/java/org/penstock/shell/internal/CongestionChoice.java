package org.penstock.shell.internal;

import org.penstock.api.TransportAddress;
import org.penstock.core.api.Stack;

/**
 * Has a stack, or one of its connections, use another congestion control. The stack's choice goes
 * through its configuration, whose property {@code congestion} says so from then on; where it has
 * none the stack itself is asked.
 */
public final class CongestionChoice {

  private static final String PROPERTY = "congestion";

  private final StackConfiguration configuration;

  /** Through these configurations. */
  public CongestionChoice(StackConfiguration configuration) {
    this.configuration = configuration;
  }

  /**
   * Returns when the stack uses it.
   *
   * @throws CommandException if it does not; the message says why
   */
  public void use(Stack stack, String name) {
    requireKnown(stack, name);
    if (configuration.set(stack, PROPERTY, name)) {
      StackConfiguration.await(stack, () -> stack.congestion().current(), name);
    } else {
      stack.congestion().use(name);
    }
  }

  /**
   * Returns when the connection uses it.
   *
   * @param connection both addresses, such as {@code 192.0.2.1:1024-192.0.2.2:80}
   * @throws CommandException if it can't be; the message says why
   */
  public void use(Stack stack, String name, String connection) {
    requireKnown(stack, name);
    String[] ends = connection.split("-", 2);
    if (ends.length != 2) {
      throw new CommandException(
          "'" + connection + "' is not a connection: write 192.0.2.1:1024-192.0.2.2:80");
    }
    if (!stack.congestion().use(name, address(ends[0]), address(ends[1]))) {
      throw new CommandException("stack " + stack.name() + " has no connection " + connection);
    }
  }

  private static void requireKnown(Stack stack, String name) {
    if (!stack.congestion().names().contains(name)) {
      throw new CommandException(
          "no congestion control '"
              + name
              + "': there is "
              + String.join(", ", stack.congestion().names()));
    }
  }

  private static TransportAddress address(String text) {
    try {
      return TransportAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }
}
