package org.penstock.tdi.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Dictionary;
import java.util.Hashtable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.penstock.api.view.StackView;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;

/**
 * A transport's services: the transport itself, and clients, of which every bundle gets one of its
 * own, or several where it asks in prototype scope. The framework gives a client back when the
 * bundle that got it stops, and what was opened through it is closed.
 *
 * <p>{@link #register} and {@link #close} are called once each, in this order.
 */
final class TransportServices {

  private final StackTransport transport;
  private final Deque<ServiceRegistration<?>> registrations = new ArrayDeque<>();

  TransportServices(StackTransport transport) {
    this.transport = transport;
  }

  /**
   * Registers the services.
   *
   * @param ranking the stack's own, which theirs follows; null for none
   */
  void register(BundleContext context, @Nullable Object ranking) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(StackView.STACK, transport.stackName());
    if (ranking != null) {
      properties.put(Constants.SERVICE_RANKING, ranking);
    }
    registrations.push(context.registerService(Transport.class, transport, properties));
    registrations.push(context.registerService(Client.class, new Clients(), properties));
  }

  /** Withdraws the services, the clients first, then ends every connection. */
  void close() {
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
    transport.close();
  }

  private final class Clients implements PrototypeServiceFactory<Client> {
    @Override
    public Client getService(Bundle bundle, ServiceRegistration<Client> registration) {
      return transport.client(bundle.getSymbolicName());
    }

    @Override
    public void ungetService(
        Bundle bundle, ServiceRegistration<Client> registration, Client service) {
      service.close();
    }
  }
}
