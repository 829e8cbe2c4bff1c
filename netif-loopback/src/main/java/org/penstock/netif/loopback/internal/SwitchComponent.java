package org.penstock.netif.loopback.internal;

import java.time.Duration;
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
import org.penstock.netif.loopback.SwitchOptions;
import org.penstock.netif.loopback.VirtualSwitch;

/** One switch, which is a {@link Netif} service for each of its ports, for each configuration. */
@Component(
    configurationPid = SwitchComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = SwitchComponent.Configuration.class, factory = true)
public final class SwitchComponent {

  static final String PID = "org.penstock.netif.switch";
  static final String TYPE = "switch";

  /** The configuration as tools show it; {@link DeviceProperties} reads it. */
  @ObjectClassDefinition(
      name = "Penstock NIC: switch",
      description = "A virtual Ethernet switch for many stacks, one for each configuration.")
  @interface Configuration {
    @AttributeDefinition(
        description = "The switch's name; its ports are called NAME/1, NAME/2 and so on")
    String name();

    @AttributeDefinition(min = "2", max = "256", description = "How many ports it has")
    int ports() default 4;

    @AttributeDefinition(min = "68", max = "65535", description = "Largest IP packet in bytes")
    int mtu() default 1500;

    @AttributeDefinition(
        min = "1",
        max = "1048576",
        description = "Frames that wait for each port at most")
    int queue_length() default 1024;

    @AttributeDefinition(
        description = "What the stacks may leave to the switch",
        options = {
          @Option(label = "Nothing", value = "none"),
          @Option(label = "Checksums", value = "checksum"),
          @Option(label = "Checksums and TCP segmentation", value = "segmentation")
        })
    String offload() default "segmentation";

    @AttributeDefinition(
        min = "8",
        max = "65536",
        description = "Most stations it remembers, rounded up to a power of two")
    int addresses() default 1024;

    @AttributeDefinition(
        min = "1",
        max = "1000000",
        description = "Seconds for which a station is remembered that sends nothing")
    int ageing_seconds() default 300;
  }

  // Optional and dynamic: a log that comes or goes must not take the switch away.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  private final DeviceServices<SwitchOptions> services;

  /** For the component runtime. */
  @Activate
  public SwitchComponent(BundleContext context) {
    this.services =
        new DeviceServices<>(context, TYPE, SwitchComponent::read, SwitchComponent::make);
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

  private static SwitchOptions read(Map<String, ?> properties) {
    DeviceProperties reader = new DeviceProperties(properties);
    SwitchOptions usual = SwitchOptions.named(reader.name("sw0"));
    return new SwitchOptions(
        usual.name(),
        reader.ports(usual.ports()),
        reader.mtu(usual.mtu()),
        reader.queueLength(usual.queueLength()),
        reader.offload(usual.offload()),
        reader.addresses(usual.addresses()),
        Duration.ofSeconds(reader.ageingSeconds((int) usual.ageing().toSeconds())));
  }

  private static List<Netif> make(SwitchOptions options) {
    return new VirtualSwitch(SystemRuntime.get(), options).ports();
  }
}
