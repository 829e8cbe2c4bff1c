package org.penstock.tdi.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.core.api.Stack;

/** A transport for each stack, as services, while both the stack and this bundle are there. */
@Component(
    service = {},
    immediate = true)
public final class TransportComponent {

  private final BundleContext context;
  private final ConcurrentMap<Stack, TransportServices> transports = new ConcurrentHashMap<>();

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
    TransportServices services = new TransportServices(new StackTransport(stack));
    transports.put(stack, services);
    services.register(context, properties.get(Constants.SERVICE_RANKING));
  }

  void unbindStack(Stack stack) {
    TransportServices services = transports.remove(stack);
    if (services != null) {
      services.close();
    }
  }

  @Deactivate
  void deactivate() {
    transports.keySet().forEach(this::unbindStack);
  }
}
