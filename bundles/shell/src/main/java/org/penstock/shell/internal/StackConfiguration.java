package org.penstock.shell.internal;

import java.io.IOException;
import java.util.Dictionary;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.penstock.core.api.Stack;

/** Changes the configurations of stacks, and waits until the stacks have followed. */
public final class StackConfiguration {

  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long LOOK_NANOS = 5_000_000L;

  private final @Nullable ConfigurationAdmin configurations;

  /** With the configurations there are, null for none. */
  public StackConfiguration(@Nullable ConfigurationAdmin configurations) {
    this.configurations = configurations;
  }

  /**
   * Sets a property in the configuration of a stack.
   *
   * @return false if the stack has none
   * @throws CommandException if it can't be changed
   */
  boolean set(Stack stack, String property, String value) {
    try {
      Configuration configuration = of(stack.name());
      if (configuration == null) {
        return false;
      }
      Dictionary<String, Object> properties = configuration.getProperties();
      properties.put(property, value);
      configuration.update(properties);
      return true;
    } catch (IOException | InvalidSyntaxException e) {
      throw new CommandException("the stack's configuration can't be changed: " + e.getMessage());
    }
  }

  private @Nullable Configuration of(String stack) throws IOException, InvalidSyntaxException {
    if (configurations == null) {
      return null;
    }
    Configuration[] found =
        configurations.listConfigurations(
            "(&(service.factoryPid=org.penstock.stack)(name=" + stack + "))");
    return found == null || found.length == 0 ? null : found[0];
  }

  /**
   * Waits until a stack uses what its configuration names.
   *
   * @throws CommandException if it does not within ten seconds
   */
  static void await(Stack stack, Supplier<String> inForce, String wanted) {
    long deadline = stack.runtime().nanoTime() + PATIENCE_NANOS;
    while (!inForce.get().equals(wanted)) {
      if (stack.runtime().nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new CommandException(
            "stack " + stack.name() + " still uses '" + inForce.get() + "'; see the log");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
