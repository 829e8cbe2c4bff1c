package org.penstock.service.chargen.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.service.ServiceComponent;
import org.penstock.service.chargen.ChargenServer;

/** One server for each configuration of {@code org.penstock.service.chargen}. */
@Component(
    configurationPid = ChargenComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = ChargenComponent.Configuration.class, factory = true)
public final class ChargenComponent extends ServiceComponent {

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

  /** For the component runtime. */
  @Activate
  public ChargenComponent() {
    super(
        (client, settings) -> ChargenServer.start(client, settings.local(ChargenServer.PORT)),
        settings -> settings.local(ChargenServer.PORT));
  }
}
