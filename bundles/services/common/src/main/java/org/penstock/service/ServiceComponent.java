package org.penstock.service;

import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.tdi.Client;

/**
 * The component of a service: one for each configuration of its PID, whose server runs while a
 * client of its stack is there. A subclass names the PID and the properties; its bundle is built
 * with {@code -dsannotations-options: inherit}.
 */
public abstract class ServiceComponent {

  private final StackService service;
  private final Consumer<ServiceSettings> check;

  /**
   * A component.
   *
   * @param starter starts the server
   * @param check reads what the service needs of its settings, and complains by an {@link
   *     IllegalArgumentException}
   */
  protected ServiceComponent(StackService.Starter starter, Consumer<ServiceSettings> check) {
    this.service = new StackService(starter);
    this.check = check;
  }

  /** Takes the configuration. */
  @Activate
  @Modified
  protected final void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(settings, () -> check.accept(settings));
  }

  /** The configuration is gone. */
  @Deactivate
  protected final void deactivate() {
    service.stop();
  }

  /** A stack's transport layer has come. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  protected final void bindClient(Client client, Map<String, ?> properties) {
    service.bind(client, properties);
  }

  /** It goes. */
  protected final void unbindClient(Client client) {
    service.unbind(client);
  }
}
