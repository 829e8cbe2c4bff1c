package org.penstock.tdi.internal;

import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StackView;
import org.penstock.core.api.Stack;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;

/**
 * Offers a transport for every stack, and a client of it for every bundle that asks: what a bundle
 * has opened is closed when it stops. When this bundle stops, or a stack goes, the connections are
 * reset and every request completes.
 */
@Component(
    service = {},
    immediate = true)
public final class TransportComponent {

  private record Offer(
      Transport transport,
      ServiceRegistration<Transport> asTransport,
      ServiceRegistration<?> asClient) {

    void withdraw() {
      // Its users let go of a client while the service goes; what they left open is closed then.
      asClient.unregister();
      asTransport.unregister();
      transport.close();
    }
  }

  /** A client for each bundle. */
  private record Clients(Transport transport) implements ServiceFactory<Client> {
    @Override
    public Client getService(Bundle bundle, ServiceRegistration<Client> registration) {
      return transport.client(bundle.getSymbolicName());
    }

    @Override
    public void ungetService(
        Bundle bundle, ServiceRegistration<Client> registration, Client client) {
      client.close();
    }
  }

  private final BundleContext context;
  private final Mutex mutex = new Mutex(SystemRuntime.get());
  private final Map<Stack, Offer> offers = new HashMap<>();

  /** For the component runtime. */
  @Activate
  public TransportComponent(BundleContext context) {
    this.context = context;
  }

  @Reference(
      name = "stack",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindStack(Stack stack, Map<String, ?> properties) {
    Offer offer = offer(stack, properties.get(Constants.SERVICE_RANKING));
    mutex.lock();
    try {
      offers.put(stack, offer);
    } finally {
      mutex.unlock();
    }
  }

  void unbindStack(Stack stack) {
    Offer offer;
    mutex.lock();
    try {
      offer = offers.remove(stack);
    } finally {
      mutex.unlock();
    }
    if (offer != null) {
      offer.withdraw();
    }
  }

  private Offer offer(Stack stack, @Nullable Object ranking) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(StackView.STACK, stack.name());
    if (ranking != null) {
      properties.put(Constants.SERVICE_RANKING, ranking);
    }
    Transport transport = new StackTransport(stack);
    return new Offer(
        transport,
        context.registerService(Transport.class, transport, properties),
        context.registerService(Client.class, new Clients(transport), properties));
  }
}
