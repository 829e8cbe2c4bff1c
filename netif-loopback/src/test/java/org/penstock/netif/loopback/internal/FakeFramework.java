package org.penstock.netif.loopback.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.penstock.api.netif.Netif;

/** As much of a framework as the components touch: services registered, and lines logged. */
final class FakeFramework {

  /** The services that are there, with their properties. */
  final Map<Netif, Dictionary<?, ?>> services = new LinkedHashMap<>();

  /** Everything that happened, in order. */
  final List<String> events = new ArrayList<>();

  BundleContext context() {
    return proxy(
        BundleContext.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("registerService")) {
            throw new AssertionError("unexpected " + method);
          }
          Netif netif = (Netif) arguments[1];
          services.put(netif, (Dictionary<?, ?>) arguments[2]);
          events.add("registered " + netif.name());
          return registration(netif);
        });
  }

  LoggerFactory loggers() {
    Logger logger =
        proxy(
            Logger.class,
            (self, method, arguments) -> {
              events.add(method.getName() + ": " + arguments[0]);
              return null;
            });
    return proxy(LoggerFactory.class, (self, method, arguments) -> logger);
  }

  private ServiceRegistration<?> registration(Netif netif) {
    return proxy(
        ServiceRegistration.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "setProperties" -> services.replace(netif, (Dictionary<?, ?>) arguments[0]);
            case "unregister" -> {
              if (services.remove(netif) == null) {
                throw new IllegalStateException("unregistered twice");
              }
              events.add("unregistered " + netif.name());
            }
            default -> throw new AssertionError("unexpected " + method);
          }
          return null;
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FakeFramework.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
