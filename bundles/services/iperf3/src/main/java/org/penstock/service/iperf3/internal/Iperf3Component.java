package org.penstock.service.iperf3.internal;

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
import org.penstock.service.iperf3.Iperf3Server;
import org.penstock.tdi.Client;

/** One server for each configuration of {@code org.penstock.service.iperf3}. */
@Component(
    configurationPid = Iperf3Component.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = Iperf3Component.Configuration.class, factory = true)
public final class Iperf3Component {

  static final String PID = "org.penstock.service.iperf3";

  /** The configuration, for tools that show forms. */
  @ObjectClassDefinition(name = "Penstock: iperf3 server")
  @interface Configuration {
    @AttributeDefinition(description = "the name of its stack")
    String stack();

    @AttributeDefinition(
        description = "the address it listens at; by default all",
        required = false)
    String address() default "";

    @AttributeDefinition(description = "the port it listens at, TCP and UDP")
    int port() default Iperf3Server.PORT;
  }

  private final StackService service =
      new StackService(
          (client, settings) -> Iperf3Server.start(client, settings.local(Iperf3Server.PORT)));

  /** For the component runtime. */
  @Activate
  public Iperf3Component() {}

  @Activate
  @Modified
  void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(settings, () -> settings.local(Iperf3Server.PORT));
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
