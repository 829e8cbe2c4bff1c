package org.penstock.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.StrategyHost;
import org.penstock.api.concurrency.StrategyInstance;
import org.penstock.api.view.SwapCause;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.Stack;
import org.penstock.service.testkit.JoinedStacks;

/** A stack is told of its strategy by its configuration, and directly where it has none. */
@Timeout(60)
class StrategyChoiceTest {

  private static final ConcurrencyStrategy MAILBOX = new MailboxStrategy();

  private final JoinedStacks stacks = new JoinedStacks();
  private final Stack stack = stacks.serverStack();

  @AfterEach
  void closeStacks() {
    stacks.close();
  }

  @Test
  void withoutConfigurationsTheStackIsAsked() {
    choice(null).use(stack, MAILBOX);

    assertThat(stack.view().strategy().name()).isEqualTo("mailbox");
  }

  @Test
  void withoutItsOwnConfigurationTheStackIsAsked() {
    choice(configurations("another", properties -> {})).use(stack, MAILBOX);

    assertThat(stack.view().strategy().name()).isEqualTo("mailbox");
  }

  @Test
  void theStackIsAskedAndItsConfigurationKeepsTheChoice() {
    Hashtable<String, Object> written = new Hashtable<>();
    ConfigurationAdmin configurations =
        configurations(
            "server",
            properties -> {
              properties
                  .keys()
                  .asIterator()
                  .forEachRemaining(key -> written.put(key, properties.get(key)));
              assertThat(stack.strategy()).as("done by then").isSameAs(MAILBOX);
            });

    choice(configurations).use(stack, MAILBOX);

    assertThat(stack.view().strategy().name()).isEqualTo("mailbox");
    assertThat(written)
        .containsEntry("strategy.target", "(strategy.name=mailbox)")
        .containsEntry("name", "server");
    assertThat(stack.view().strategy().swaps())
        .singleElement()
        .matches(swap -> swap.cause() == SwapCause.COMMAND);
  }

  @Test
  void oneInForceIsLeftAlone() {
    choice(null).use(stack, MAILBOX);
    long epoch = stack.view().strategy().epoch();

    choice(null).use(stack, MAILBOX);

    assertThat(stack.view().strategy().epoch()).isEqualTo(epoch);
  }

  @Test
  void aRefusedOneIsNotConfigured() {
    ConfigurationAdmin untouched =
        configurations(
            "server",
            properties -> {
              throw new AssertionError("the configuration was written");
            });

    assertThatThrownBy(() -> choice(untouched).use(stack, new Named("broken")))
        .isInstanceOf(CommandException.class);
  }

  @Test
  void oneThatDoesNotStartIsSaidWithTheReason() {
    assertThatThrownBy(() -> choice(null).use(stack, new Named("broken")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'broken'")
        .hasMessageContaining("out of threads");
    assertThat(stack.view().strategy().name()).isEqualTo("global-lock");
  }

  private static StrategyChoice choice(@Nullable ConfigurationAdmin configurations) {
    return new StrategyChoice(new StackConfiguration(configurations));
  }

  private record Named(String name) implements ConcurrencyStrategy {

    @Override
    public int partitions(int cells, int processors) {
      return 1;
    }

    @Override
    public StrategyInstance start(StrategyHost host) {
      throw new IllegalStateException("out of threads");
    }
  }

  /** Config Admin with the configuration of one stack. */
  private static ConfigurationAdmin configurations(
      String stack, Consumer<Dictionary<String, Object>> update) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put("name", stack);
    Configuration configuration =
        proxy(
            Configuration.class,
            (self, method, arguments) -> {
              if (method.getName().equals("getProperties")) {
                return new Hashtable<>(properties);
              }
              assertThat(method.getName()).isEqualTo("update");
              update.accept(dictionary(arguments[0]));
              return null;
            });
    return proxy(
        ConfigurationAdmin.class,
        (self, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("listConfigurations");
          return found(String.valueOf(arguments[0]), stack, configuration);
        });
  }

  private static Configuration @Nullable [] found(
      String filter, String stack, Configuration configuration) {
    assertThat(filter).contains("(service.factoryPid=org.penstock.stack)");
    return filter.contains("(name=" + stack + ")") ? new Configuration[] {configuration} : null;
  }

  @SuppressWarnings("unchecked")
  private static Dictionary<String, Object> dictionary(Object argument) {
    return (Dictionary<String, Object>) argument;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
