package org.penstock.netif.tap.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** As much of a framework as the component touches: services registered, and lines logged. */
final class FakeFramework {
  /** A registered service, to be looked at while it is there. */
  static final class Service {
    final TapNetif netif;
    volatile Dictionary<?, ?> properties;

    Service(TapNetif netif, Dictionary<?, ?> properties) {
      this.netif = netif;
      this.properties = properties;
    }
  }

  /** The services that are there. */
  final List<Service> services = new CopyOnWriteArrayList<>();

  /** Everything that happened, in order: {@code registered tap0}, {@code error: …}. */
  final List<String> events = new CopyOnWriteArrayList<>();

  BundleContext context() {
    return proxy(
        BundleContext.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("registerService")) {
            throw new AssertionError("unexpected " + method);
          }
          var service = new Service((TapNetif) arguments[1], (Dictionary<?, ?>) arguments[2]);
          services.add(service);
          events.add("registered " + service.netif.name());
          return registration(service);
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

  private ServiceRegistration<?> registration(Service service) {
    return proxy(
        ServiceRegistration.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "setProperties" -> service.properties = (Dictionary<?, ?>) arguments[0];
            case "unregister" -> {
              if (!services.remove(service)) {
                throw new IllegalStateException("unregistered twice");
              }
              events.add("unregistered " + service.netif.name());
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
