package org.penstock.core.internal.osgi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StackView;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;

/**
 * One interface for each configuration of {@code org.penstock.slot}. It joins its stack when that
 * is there, and offers it every driver that matches {@code netif.target}; when a driver's service
 * goes, the driver has stopped before {@link #unbindNetif} returns.
 */
@Component(
    configurationPid = SlotComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = SlotMetatype.class, factory = true)
public final class SlotComponent {

  static final String PID = "org.penstock.slot";

  private static final long MILLI = 1_000_000L;
  private static final long LONGEST_FAILBACK_MILLIS = 86_400_000L;

  private static final System.Logger LOG = System.getLogger("org.penstock.core");

  private final Mutex mutex = new Mutex(SystemRuntime.get());
  private final Map<Netif, Integer> netifs = new HashMap<>();
  private final Map<NetifWrapper, Map<String, ?>> wrappers = new HashMap<>();
  private final Map<String, Stack> stacks = new HashMap<>();
  private @Nullable SlotSettings settings;
  private String stackName = "";
  private @Nullable Stack joined;
  private @Nullable Slot slot;
  private boolean targeted;

  /** For the component runtime. */
  @Activate
  public SlotComponent() {}

  @Activate
  void activate(Map<String, ?> values) {
    mutex.lock();
    try {
      if (read(values)) {
        join();
      }
    } finally {
      mutex.unlock();
    }
  }

  @Modified
  void modified(Map<String, ?> values) {
    mutex.lock();
    try {
      String stackBefore = stackName;
      SlotSettings before = settings;
      if (!read(values)) {
        return;
      }
      SlotSettings now = Objects.requireNonNull(settings);
      Slot there = slot;
      if (there != null
          && before != null
          && stackBefore.equals(stackName)
          && before.name().equals(now.name())) {
        there.configure(now);
      } else {
        leave(before);
        join();
      }
    } finally {
      mutex.unlock();
    }
  }

  @Deactivate
  void deactivate() {
    mutex.lock();
    try {
      leave(settings);
    } finally {
      mutex.unlock();
    }
  }

  @Reference(
      name = "stack",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStack(Stack stack, Map<String, ?> properties) {
    mutex.lock();
    try {
      stacks.put(String.valueOf(properties.get(StackView.STACK)), stack);
      join();
    } finally {
      mutex.unlock();
    }
  }

  void unbindStack(Stack stack) {
    mutex.lock();
    try {
      stacks.values().removeIf(known -> known == stack);
      if (joined == stack) {
        leave(settings);
      }
    } finally {
      mutex.unlock();
    }
  }

  @Reference(
      name = "netif",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindNetif(Netif netif, Map<String, ?> properties) {
    mutex.lock();
    try {
      int ranking =
          properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
      netifs.put(netif, ranking);
      offer(netif, ranking);
    } finally {
      mutex.unlock();
    }
  }

  void updatedNetif(Netif netif, Map<String, ?> properties) {
    bindNetif(netif, properties);
  }

  void unbindNetif(Netif netif) {
    mutex.lock();
    try {
      netifs.remove(netif);
      if (slot != null) {
        slot.withdraw(netif);
      }
    } finally {
      mutex.unlock();
    }
  }

  @Reference(
      name = "wrapper",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindWrapper(NetifWrapper wrapper, Map<String, ?> properties) {
    mutex.lock();
    try {
      wrappers.put(wrapper, properties);
      wrap();
    } finally {
      mutex.unlock();
    }
  }

  void updatedWrapper(NetifWrapper wrapper, Map<String, ?> properties) {
    bindWrapper(wrapper, properties);
  }

  void unbindWrapper(NetifWrapper wrapper) {
    mutex.lock();
    try {
      wrappers.remove(wrapper);
      wrap();
    } finally {
      mutex.unlock();
    }
  }

  /** Puts the best of the wrappers that are meant for this interface around its driver. */
  private void wrap() {
    Slot wrapped = slot;
    if (wrapped != null) {
      List<NetifWrapper> fitting =
          Ranked.inOrder(
              wrappers.entrySet().stream()
                  .filter(each -> stackName.equals(each.getValue().get(NetifWrapper.STACK)))
                  .filter(each -> wrapped.name().equals(each.getValue().get(NetifWrapper.SLOT)))
                  .map(each -> Ranked.of(each.getKey(), each.getValue()))
                  .toList());
      wrapped.wrap(fitting.isEmpty() ? null : fitting.getFirst());
    }
  }

  private boolean read(Map<String, ?> values) {
    String pid = String.valueOf(values.get(Constants.SERVICE_PID));
    Properties properties = new Properties(pid, values);
    try {
      String stack = properties.required("stack", "the name of a stack, such as a");
      String name = Objects.requireNonNullElse(properties.text("name"), "net0");
      SlotSettings made =
          new SlotSettings(
              name,
              properties.parsed("mac", MacAddress::parse),
              properties.list("addresses", IpPrefix::parse),
              properties.parsed("gateway", IpAddress::parse),
              (int) properties.number("mtu", 0, 0, 65_535),
              (int) properties.number("standby", 0, 0, 7),
              properties.number(
                      "failback.millis",
                      SlotSettings.FAILBACK_NANOS / MILLI,
                      0,
                      LONGEST_FAILBACK_MILLIS)
                  * MILLI);
      targeted = properties.text("netif.target") != null;
      settings = made;
      stackName = stack;
      return true;
    } catch (IllegalArgumentException e) {
      String text = String.valueOf(e.getMessage());
      String prefix = text.startsWith(pid) ? "" : pid + ": ";
      String kept = settings == null ? "" : "; the configuration in force stays";
      LOG.log(System.Logger.Level.ERROR, prefix + text + kept);
      return false;
    }
  }

  private void join() {
    Stack stack = stacks.get(stackName);
    SlotSettings wanted = settings;
    if (slot != null || stack == null || wanted == null) {
      return;
    }
    try {
      slot = stack.addSlot(wanted);
      joined = stack;
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.ERROR, PID + ": " + e.getMessage());
      return;
    }
    wrap();
    netifs.forEach(this::offer);
  }

  private void offer(Netif netif, int ranking) {
    // Without a filter every driver of the container would be offered to every interface.
    if (slot == null || !targeted) {
      return;
    }
    slot.offer(netif, ranking);
  }

  private void leave(@Nullable SlotSettings left) {
    if (joined != null && left != null) {
      joined.removeSlot(left.name());
    }
    joined = null;
    slot = null;
  }
}
