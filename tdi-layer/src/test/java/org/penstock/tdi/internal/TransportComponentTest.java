package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.Client;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Transport;
import org.penstock.tdi.TransportException;
import org.penstock.tdi.fake.FakeStack;

/** The services of a stack's transport, over as much of a framework as the component touches. */
class TransportComponentTest {

  private final Map<Class<?>, Object> services = new LinkedHashMap<>();
  private final List<String> events = new ArrayList<>();
  private final TransportComponent component = new TransportComponent(context());

  private BundleContext context() {
    return proxy(
        BundleContext.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("registerService")) {
            throw new AssertionError("unexpected " + method);
          }
          Class<?> type = (Class<?>) arguments[0];
          services.put(type, arguments[1]);
          Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
          events.add(
              "+"
                  + type.getSimpleName()
                  + " "
                  + properties.get("stack.name")
                  + " "
                  + properties.get("service.ranking"));
          return proxy(
              ServiceRegistration.class,
              (registration, called, none) -> {
                services.remove(type);
                events.add("-" + type.getSimpleName());
                return null;
              });
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            TransportComponentTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Bundle bundle(String name) {
    return proxy(
        Bundle.class, (self, method, arguments) -> method.getName().equals("hashCode") ? 1 : name);
  }

  @SuppressWarnings("unchecked")
  private PrototypeServiceFactory<Client> clients() {
    return (PrototypeServiceFactory<Client>) services.get(Client.class);
  }

  @Test
  void stackHasItsServicesWhileItIsThere() {
    var stack = FakeStack.create().stack();

    component.bindStack(stack, Map.of("service.ranking", 7));
    assertThat(events).containsExactly("+Transport fake 7", "+Client fake 7");
    component.unbindStack(stack);

    assertThat(events).endsWith("-Client", "-Transport");
    component.deactivate();
    assertThat(events).hasSize(4);
  }

  @Test
  void clientIsClosedWhenItsBundleGivesItBack() throws Exception {
    FakeStack fake = FakeStack.create();
    component.bindStack(fake.stack(), Map.of());
    Transport transport = (Transport) services.get(Transport.class);
    Client client = clients().getService(bundle("org.example.one"), null);
    Client other = clients().getService(bundle("org.example.two"), null);
    client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    other.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    assertThat(client.identity()).isEqualTo("org.example.one");
    assertThat(transport.addressFiles()).hasSize(2);

    clients().ungetService(bundle("org.example.one"), null, client);

    assertThat(transport.addressFiles()).hasSize(1);
    assertThatThrownBy(() -> client.openEndpoint(null)).isInstanceOf(TransportException.class);
  }

  @Test
  void everythingIsClosedWhenTheBundleStops() throws Exception {
    FakeStack fake = FakeStack.create();
    component.bindStack(fake.stack(), Map.of());
    Client client = clients().getService(bundle("org.example.one"), null);
    int port = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4).local().port();

    component.deactivate();

    assertThat(services).isEmpty();
    assertThat(fake.fakePorts().references(Protocol.TCP.number(), port)).isZero();
  }
}
