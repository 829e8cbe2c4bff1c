package org.penstock.service.echo.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.service.ServiceComponent;
import org.penstock.service.echo.EchoServer;

/** One server for each configuration of {@code org.penstock.service.echo}. */
@Component(
    configurationPid = EchoComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = EchoComponent.Configuration.class, factory = true)
public final class EchoComponent extends ServiceComponent {

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

  /** For the component runtime. */
  @Activate
  public EchoComponent() {
    super(
        (client, settings) -> EchoServer.start(client, settings.local(EchoServer.PORT)),
        settings -> settings.local(EchoServer.PORT));
  }
}
