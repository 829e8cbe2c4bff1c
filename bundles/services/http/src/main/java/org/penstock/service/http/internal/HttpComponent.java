package org.penstock.service.http.internal;

import java.nio.file.Path;
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
import org.penstock.service.http.HttpServer;
import org.penstock.tdi.Client;

/** One server for each configuration of {@code org.penstock.service.http}. */
@Component(
    configurationPid = HttpComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = HttpComponent.Configuration.class, factory = true)
public final class HttpComponent {

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

  private final StackService service =
      new StackService(
          (client, settings) -> HttpServer.start(client, settings.local(PORT), root(settings)));

  /** For the component runtime. */
  @Activate
  public HttpComponent() {}

  @Activate
  @Modified
  void configure(Map<String, ?> values) {
    ServiceSettings settings =
        new ServiceSettings(String.valueOf(values.get("service.pid")), values);
    service.configure(
        settings,
        () -> {
          settings.local(PORT);
          root(settings);
        });
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

  private static Path root(ServiceSettings settings) {
    String text = settings.required("root", "a folder");
    Path root = Path.of(text);
    if (!root.toFile().isDirectory()) {
      throw settings.wrong("root", text, "an existing folder");
    }
    return root;
  }
}
