package org.penstock.concurrency.sharded.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.penstock.concurrency.sharded.ShardedStrategy;

class ShardedComponentTest {

  private final List<String> events = new ArrayList<>();
  private final List<Object> rankings = new ArrayList<>();
  private final ShardedComponent component = new ShardedComponent(context());

  private BundleContext context() {
    return proxy(
        BundleContext.class,
        (self, method, arguments) -> {
          ShardedStrategy strategy = (ShardedStrategy) arguments[1];
          Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
          int shards = strategy.partitions(64, 8);
          rankings.add(properties.get("service.ranking"));
          events.add(properties.get("strategy.name") + " of " + shards);
          return proxy(
              ServiceRegistration.class,
              (registration, call, none) -> {
                events.add(call.getName() + " " + shards);
                return null;
              });
        });
  }

  private void log() {
    Logger logger =
        proxy(
            Logger.class,
            (self, method, arguments) -> {
              events.add(method.getName() + ": " + arguments[0]);
              return null;
            });
    component.loggers = proxy(LoggerFactory.class, (self, method, arguments) -> logger);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            ShardedComponentTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void offersOneShardAProcessorWithoutAConfiguration() {
    component.configure(Map.of());
    component.deactivate();
    assertThat(events).containsExactly("sharded of 8", "unregister 8");
  }

  @Test
  void anotherNumberIsOfferedBeforeTheFirstGoes() {
    component.configure(Map.of("shards", 2));
    component.configure(Map.of("shards", 2, "other", "x"));
    component.configure(Map.of("shards", " 5 "));
    assertThat(events).containsExactly("sharded of 2", "sharded of 5", "unregister 2");
  }

  @Test
  void aWrongValueIsOneLineAndWhatWasGoodStays() {
    log();
    component.configure(Map.of("shards", 2));
    component.configure(Map.of("shards", "many"));
    assertThat(events)
        .containsExactly(
            "sharded of 2",
            "error: org.penstock.concurrency.sharded: property 'shards' has the value 'many';"
                + " allowed: 1 to 4096 shards, or 0 for one for each processor");
  }

  @Test
  void rankingOfAFileIsTextAndAnotherOneIsAnotherService() {
    log();
    component.configure(Map.of());
    component.configure(Map.of("service.ranking", "7"));
    component.configure(Map.of("service.ranking", "high"));
    assertThat(rankings).containsExactly(-35, 7);
    assertThat(events.getLast()).contains("'service.ranking' has the value 'high'");
  }

  @Test
  void aWrongValueAtTheStartLeavesTheDefault() {
    log();
    component.configure(Map.of("shards", -1));
    assertThat(events).hasSize(2);
    assertThat(events.getFirst()).contains("'-1'");
    assertThat(events.getLast()).isEqualTo("sharded of 8");
  }
}
