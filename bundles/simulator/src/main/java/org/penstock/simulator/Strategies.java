package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.concurrency.caller.CallerStrategy;

/**
 * The concurrency strategies that have threads, as {@code ServiceLoader} finds them: one more is
 * simulated as soon as it is on the class path. Which there are is part of what a seed draws from.
 */
final class Strategies {

  private final Map<String, Supplier<ConcurrencyStrategy>> providers;

  private Strategies(Map<String, Supplier<ConcurrencyStrategy>> providers) {
    this.providers = providers;
  }

  /** All there are. */
  static Strategies found() {
    Map<String, Supplier<ConcurrencyStrategy>> providers = new TreeMap<>();
    ServiceLoader.load(ConcurrencyStrategy.class, Strategies.class.getClassLoader()).stream()
        .forEach(provider -> providers.put(provider.get().name(), provider::get));
    providers.remove(CallerStrategy.STRATEGY);
    return new Strategies(providers);
  }

  /**
   * Some of them.
   *
   * @param names separated by commas
   * @throws IllegalArgumentException if one is not there; the message says which are
   */
  Strategies only(String names) {
    Map<String, Supplier<ConcurrencyStrategy>> some = new TreeMap<>();
    for (String name : names.split(",", -1)) {
      Supplier<ConcurrencyStrategy> provider = providers.get(name);
      if (provider == null) {
        throw new IllegalArgumentException(
            "no strategy '" + name + "': there are " + String.join(", ", names()));
      }
      some.put(name, provider);
    }
    return new Strategies(some);
  }

  /** One alone. */
  static Strategies of(Supplier<ConcurrencyStrategy> strategy) {
    return new Strategies(Map.of(strategy.get().name(), strategy));
  }

  /** Their names, in alphabetical order. */
  List<String> names() {
    return new ArrayList<>(providers.keySet());
  }

  /** A new object of one. */
  ConcurrencyStrategy named(String name) {
    Supplier<ConcurrencyStrategy> provider = providers.get(name);
    if (provider == null) {
      throw new IllegalArgumentException("no strategy '" + name + "'");
    }
    return provider.get();
  }
}
