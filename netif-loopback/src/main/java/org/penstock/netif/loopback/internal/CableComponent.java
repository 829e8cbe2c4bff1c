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
import org.osgi.service.metatype.annotations.Option;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;

/** One cable, which is two {@link Netif} services, for each configuration. */
@Component(
    configurationPid = CableComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = CableComponent.Configuration.class, factory = true)
public final class CableComponent {

  static final String PID = "org.penstock.netif.cable";
  static final String TYPE = "cable";

  /** The configuration as tools show it; {@link DeviceProperties} reads it. */
  @ObjectClassDefinition(
      name = "Penstock NIC: cable",
      description = "A virtual Ethernet cable between two stacks, one for each configuration.")
  @interface Configuration {
    @AttributeDefinition(description = "The cable's name; its ends are called NAME.a and NAME.b")
    String name();

    @AttributeDefinition(min = "68", max = "65535", description = "Largest IP packet in bytes")
    int mtu() default 1500;

    @AttributeDefinition(
        min = "1",
        max = "1048576",
        description = "Frames that each direction holds at most")
    int queue_length() default 1024;

    @AttributeDefinition(
        description = "What the stacks may leave to the cable",
        options = {
          @Option(label = "Nothing", value = "none"),
          @Option(label = "Checksums", value = "checksum"),
          @Option(label = "Checksums and TCP segmentation", value = "segmentation")
        })
    String offload() default "segmentation";
  }

  // Optional and dynamic: a log that comes or goes must not cut the cable.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private final DeviceServices<CableOptions> services;

  /** For the component runtime. */
  @Activate
  public CableComponent(BundleContext context) {
    this.services = new DeviceServices<>(context, TYPE, CableComponent::read, CableComponent::make);
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

  private static CableOptions read(Map<String, ?> properties) {
    DeviceProperties reader = new DeviceProperties(properties);
    return new CableOptions(
        reader.name("wire0"),
        reader.mtu(1500),
        reader.queueLength(1024),
        reader.offload(Offload.SEGMENTATION));
  }

  private static List<Netif> make(CableOptions options) {
    Cable cable = new Cable(SystemRuntime.get(), options);
    return List.of(cable.end(0), cable.end(1));
  }
}
