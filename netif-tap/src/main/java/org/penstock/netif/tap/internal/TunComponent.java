package org.penstock.netif.tap.internal;

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
import org.osgi.service.metatype.annotations.Designate;
import org.penstock.api.netif.LinkType;

/** One TUN device for each configuration of {@code org.penstock.netif.tun}. */
@Component(
    configurationPid = TunComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = TunMetatype.class, factory = true)
public final class TunComponent {
  static final String PID = "org.penstock.netif.tun";
  static final String TYPE = "tun";

  private final DeviceService service;

  // Optional and dynamic: a log that comes or goes must not close the device.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  volatile @Nullable LoggerFactory loggers;

  /** For the component runtime. */
  @Activate
  public TunComponent(BundleContext context) {
    this.service = new DeviceService(context, LinkType.IP, TYPE, () -> loggers);
  }

  @Activate
  void activate(Map<String, ?> properties) {
    configure(properties);
  }

  @Modified
  void configure(Map<String, ?> properties) {
    service.configure(properties);
  }

  @Deactivate
  void deactivate() {
    service.close();
  }
}
