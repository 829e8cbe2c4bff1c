package org.penstock.service.discard.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.service.ServiceComponent;
import org.penstock.service.discard.DiscardServer;

/** One server for each configuration of {@code org.penstock.service.discard}. */
@Component(
    configurationPid = DiscardComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = DiscardComponent.Configuration.class, factory = true)
public final class DiscardComponent extends ServiceComponent {

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

  /** For the component runtime. */
  @Activate
  public DiscardComponent() {
    super(
        (client, settings) -> DiscardServer.start(client, settings.local(DiscardServer.PORT)),
        settings -> settings.local(DiscardServer.PORT));
  }
}
