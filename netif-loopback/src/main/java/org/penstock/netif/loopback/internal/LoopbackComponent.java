package org.penstock.netif.loopback.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.penstock.api.netif.Netif;
import org.penstock.netif.loopback.Loopback;

/** One loopback for each configuration. */
@Component(
    configurationPid = LoopbackComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = LoopbackComponent.Configuration.class, factory = true)
public final class LoopbackComponent {

  static final String PID = "org.penstock.netif.loopback";
  static final String TYPE = "loopback";

  /** The configuration as tools show it; {@link DeviceProperties} reads it. */
  @ObjectClassDefinition(
      name = "Penstock NIC: loopback",
      description = "A device that returns what its stack sends, one for each configuration.")
  @interface Configuration {
    @AttributeDefinition(description = "The device's name")
    String name();

    @AttributeDefinition(min = "68", max = "65535", description = "Largest IP packet in bytes")
    int mtu() default Loopback.DEFAULT_MTU;

    @AttributeDefinition(min = "1", max = "1048576", description = "Frames that wait at most")
    int queue_length() default Loopback.DEFAULT_QUEUE_LENGTH;
  }

  private record Settings(String name, int mtu, int queueLength) {}

  // Optional and dynamic: a log that comes or goes must not take the device away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private final DeviceServices<Settings> services;

  /** For the component runtime. */
  @Activate
  public LoopbackComponent(BundleContext context) {
    this.services =
        new DeviceServices<>(context, TYPE, LoopbackComponent::read, LoopbackComponent::make);
  }

  @Activate
  @Modified
  void configure(Map<String, ?> properties) {
    services.configure(properties, loggers);
  }

  @Deactivate
  void deactivate() {
    services.close();
  }

  private static Settings read(Map<String, ?> properties) {
    DeviceProperties reader = new DeviceProperties(properties);
    return new Settings(
        reader.name("lo"),
        reader.mtu(Loopback.DEFAULT_MTU),
        reader.queueLength(Loopback.DEFAULT_QUEUE_LENGTH));
  }

  private static List<Netif> make(Settings settings) {
    return List.of(new Loopback(settings.name(), settings.mtu(), settings.queueLength()));
  }
}
