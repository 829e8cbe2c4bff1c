package org.penstock.netif.fault.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.netif.fault.FaultInjector;

/**
 * One injector for each configuration. It is registered by hand: a wrong value is then one line in
 * the log, and the last good configuration stays at work.
 */
@Component(
    configurationPid = FaultComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = FaultComponent.class,
    immediate = true)
@Designate(ocd = FaultMetatype.class, factory = true)
public final class FaultComponent {

  static final String PID = "org.penstock.netif.fault";

  private static final System.Logger LOG = System.getLogger(PID);

  private final BundleContext context;
  private volatile @Nullable State state;
  private @Nullable ServiceRegistration<NetifWrapper> registration;

  /**
   * What is in force.
   *
   * @param read the configuration as it was understood
   * @param properties the configuration as it was written
   */
  record State(FaultInjector injector, FaultProperties.Read read, Map<String, ?> properties) {}

  /** For the component runtime. */
  @Activate
  public FaultComponent(BundleContext context) {
    this.context = context;
  }

  @Activate
  @Modified
  synchronized void configure(Map<String, ?> values) {
    State before = state;
    FaultProperties.Read wanted;
    try {
      wanted = new FaultProperties(values).read();
    } catch (IllegalArgumentException e) {
      String kept = before == null ? "" : "; the configuration in force stays";
      log(values, e.getMessage() + kept);
      return;
    }
    FaultInjector injector;
    if (before == null) {
      injector = new FaultInjector("fault", wanted.settings());
    } else {
      injector = before.injector;
      injector.settings(wanted.settings());
    }
    state = new State(injector, wanted, values);
    Dictionary<String, Object> service = serviceProperties(values, wanted);
    if (registration == null) {
      registration = context.registerService(NetifWrapper.class, injector, service);
    } else {
      registration.setProperties(service);
    }
  }

  @Deactivate
  synchronized void deactivate() {
    if (registration != null) {
      // Its slot has let go of it when this returns.
      registration.unregister();
      registration = null;
    }
    state = null;
  }

  private static Dictionary<String, Object> serviceProperties(
      Map<String, ?> values, FaultProperties.Read wanted) {
    Dictionary<String, Object> service = new Hashtable<>();
    service.put(NetifWrapper.STACK, wanted.stack());
    service.put(NetifWrapper.SLOT, wanted.slot());
    Object ranking = values.get(Constants.SERVICE_RANKING);
    if (ranking != null) {
      try {
        service.put(Constants.SERVICE_RANKING, Integer.valueOf(ranking.toString().strip()));
      } catch (NumberFormatException e) {
        log(
            values,
            "property 'service.ranking' has the value '" + ranking + "'; allowed: a whole number");
      }
    }
    return service;
  }

  private static void log(Map<String, ?> values, String text) {
    LOG.log(System.Logger.Level.ERROR, values.get(Constants.SERVICE_PID) + ": " + text);
  }

  /** What is in force, null while nothing is. */
  @Nullable State state() {
    return state;
  }
}
