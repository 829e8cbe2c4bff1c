package org.penstock.service.echo.internal;

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
import org.penstock.service.echo.EchoServer;
import org.penstock.tdi.Client;

/** One server for each configuration of {@code org.penstock.service.echo}. */
@Component(
    configurationPid = EchoComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = EchoComponent.Configuration.class, factory = true)
public final class EchoComponent {

  static final String PID = "org.penstock.service.echo";

  /** The configuration, for tools that show forms. */
  @ObjectClassDefinition(name = "Penstock: echo, RFC 862")
  @interface Configuration {
    @AttributeDefinition(description = "the name of its stack")
    String stack();

    @AttributeDefinition(
        description = "the address it listens at; by default all",
        required = false)
    String address() default "";

    @AttributeDefinition(description = "the port it listens at, TCP and UDP")
    int port() default EchoServer.PORT;
  }

  private final StackService service =
      new StackService(
          (client, settings) -> EchoServer.start(client, settings.local(EchoServer.PORT)));

  /** For the component runtime. */
  @Activate
  public EchoComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(settings, () -> settings.local(EchoServer.PORT));
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
