package org.penstock.service.chargen.internal;

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
import org.penstock.service.chargen.ChargenServer;
import org.penstock.tdi.Client;

/** One server for each configuration of {@code org.penstock.service.chargen}. */
@Component(
    configurationPid = ChargenComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = ChargenComponent.Configuration.class, factory = true)
public final class ChargenComponent {

  static final String PID = "org.penstock.service.chargen";

  /** The configuration, for tools that show forms. */
  @ObjectClassDefinition(name = "Penstock: character generator, RFC 864")
  @interface Configuration {
    @AttributeDefinition(description = "the name of its stack")
    String stack();

    @AttributeDefinition(
        description = "the address it listens at; by default all",
        required = false)
    String address() default "";

    @AttributeDefinition(description = "the port it listens at, TCP and UDP")
    int port() default ChargenServer.PORT;
  }

  private final StackService service =
      new StackService(
          (client, settings) -> ChargenServer.start(client, settings.local(ChargenServer.PORT)));

  /** For the component runtime. */
  @Activate
  public ChargenComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(settings, () -> settings.local(ChargenServer.PORT));
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
