package org.penstock.service.discard.internal;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.service.ServiceSettings;
import org.penstock.service.StackService;
import org.penstock.service.discard.DiscardServer;
import org.penstock.tdi.Client;

/** One server for each configuration of {@code org.penstock.service.discard}. */
@Component(
    configurationPid = DiscardComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = DiscardComponent.Configuration.class, factory = true)
public final class DiscardComponent {

  static final String PID = "org.penstock.service.discard";

  /** The configuration, for tools that show forms. */
  @ObjectClassDefinition(name = "Penstock: discard, RFC 863")
  @interface Configuration {
    @AttributeDefinition(description = "the name of its stack")
    String stack();

    @AttributeDefinition(
        description = "the address it listens at; by default all",
        required = false)
    String address() default "";

    @AttributeDefinition(description = "the port it listens at, TCP and UDP")
    int port() default DiscardServer.PORT;
  }

  private final StackService service =
      new StackService(
          (client, settings) -> DiscardServer.start(client, settings.local(DiscardServer.PORT)));

  /** For the component runtime. */
  @Activate
  public DiscardComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(settings, () -> settings.local(DiscardServer.PORT));
  }

  @Deactivate
  void deactivate() {
    service.stop();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindClient(Client client, Map<String, ?> properties) {
    service.bind(client, properties);
  }

  void unbindClient(Client client) {
    service.unbind(client);
  }
}
