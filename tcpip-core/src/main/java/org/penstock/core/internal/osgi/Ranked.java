package org.penstock.core.internal.osgi;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Constants;

/**
 * A service with what the framework ranks it by.
 *
 * @param service the service
 * @param properties its properties
 * @param <S> its type
 */
record Ranked<S>(S service, Map<String, ?> properties) {

  static <S> Ranked<S> of(S service, Map<String, ?> properties) {
    return new Ranked<>(service, Map.copyOf(properties));
  }

  /** The services, the best first. */
  static <S> List<S> inOrder(Collection<Ranked<S>> some) {
    return some.stream()
        .sorted(
            Comparator.comparingInt((Ranked<S> each) -> each.ranking())
                .reversed()
                .thenComparingLong(Ranked::id))
        .map(Ranked::service)
        .toList();
  }

  private int ranking() {
    return properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
  }

  private long id() {
    return properties.get(Constants.SERVICE_ID) instanceof Long number ? number : 0;
  }
}
