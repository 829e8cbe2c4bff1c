package org.penstock.service.http.internal;

import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.service.ServiceComponent;
import org.penstock.service.ServiceSettings;
import org.penstock.service.http.HttpServer;

/** One server for each configuration of {@code org.penstock.service.http}. */
@Component(
    configurationPid = HttpComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = HttpComponent.Configuration.class, factory = true)
public final class HttpComponent extends ServiceComponent {

  static final String PID = "org.penstock.service.http";
  static final int PORT = 80;

  /** The configuration, for tools that show forms. */
  @ObjectClassDefinition(name = "Penstock: HTTP file server")
  @interface Configuration {
    @AttributeDefinition(description = "the name of its stack")
    String stack();

    @AttributeDefinition(
        description = "the address it listens at; by default all",
        required = false)
    String address() default "";

    @AttributeDefinition(description = "the port it listens at")
    int port() default PORT;

    @AttributeDefinition(description = "the folder it shows")
    String root();
  }

  /** For the component runtime. */
  @Activate
  public HttpComponent() {
    super(
        (client, settings) -> HttpServer.start(client, settings.local(PORT), root(settings)),
        settings -> {
          settings.local(PORT);
          root(settings);
        });
  }

  private static Path root(ServiceSettings settings) {
    String text = settings.required("root", "a folder");
    Path root = Path.of(text);
    if (!root.toFile().isDirectory()) {
      throw settings.wrong("root", text, "an existing folder");
    }
    return root;
  }
}
