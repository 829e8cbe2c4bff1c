package org.penstock.core.internal.osgi;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
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
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.sync.Mutex;
import org.penstock.api.view.StackView;
import org.penstock.api.view.SwapCause;
import org.penstock.core.api.CongestionControls;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.SynCookies;

/**
 * One stack for each configuration of {@code org.penstock.stack}. It begins parked, and takes the
 * best of the strategies that match {@code strategy.target}, whenever they come and go; likewise
 * the congestion control that {@code congestion} names, or else the best.
 */
@Component(
    configurationPid = StackComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {},
    immediate = true)
@Designate(ocd = StackMetatype.class, factory = true)
public final class StackComponent {

  static final String PID = "org.penstock.stack";

  private static final long SECOND = 1_000_000_000L;
  private static final long MILLISECOND = 1_000_000L;

  private static final System.Logger LOG = System.getLogger("org.penstock.core");

  private final BundleContext context;
  private final Mutex mutex = new Mutex(SystemRuntime.get());
  private final Map<ConcurrencyStrategy, Ranked<ConcurrencyStrategy>> strategies = new HashMap<>();
  private final Map<CongestionControl, Ranked<CongestionControl>> controls = new HashMap<>();
  private final Map<SlotObserver, String> observers = new LinkedHashMap<>();
  private @Nullable Stack stack;
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
  private Target target = Target.ANY;
  private @Nullable String congestion;

  /** For the component runtime. */
  @Activate
  public StackComponent(BundleContext context) {
    this.context = context;
  }

  @Activate
  void activate(Map<String, ?> values) {
    mutex.lock();
    try {
      start(values);
    } finally {
      mutex.unlock();
    }
  }

  @Modified
  void modified(Map<String, ?> values) {
    mutex.lock();
    try {
      Stack running = stack;
      if (running == null) {
        start(values);
        return;
      }
      String pid = String.valueOf(values.get(Constants.SERVICE_PID));
      try {
        Properties properties = new Properties(pid, values);
        Target wanted = properties.parsedOr("strategy.target", Target::parse, Target.ANY);
        running.configure(read(properties));
        congestion = properties.text("congestion");
        target = wanted;
      } catch (IllegalArgumentException e) {
        LOG.log(System.Logger.Level.ERROR, e.getMessage() + "; the configuration in force stays");
      }
      choose(SwapCause.CONFIGURATION);
      chooseCongestion();
    } finally {
      mutex.unlock();
    }
  }

  @Deactivate
  void deactivate() {
    mutex.lock();
    try {
      registrations.forEach(ServiceRegistration::unregister);
      registrations.clear();
      Stack running = stack;
      if (running != null) {
        stack = null;
        running.close();
      }
    } finally {
      mutex.unlock();
    }
  }

  // Not named "strategy": the component runtime would apply strategy.target itself, and could not
  // tell a strategy that leaves from one that is no longer wanted.
  @Reference(
      name = "concurrency",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStrategy(ConcurrencyStrategy strategy, Map<String, ?> properties) {
    mutex.lock();
    try {
      strategies.put(strategy, Ranked.of(strategy, properties));
      choose(SwapCause.RANKING);
    } finally {
      mutex.unlock();
    }
  }

  void updatedStrategy(ConcurrencyStrategy strategy, Map<String, ?> properties) {
    bindStrategy(strategy, properties);
  }

  void unbindStrategy(ConcurrencyStrategy strategy) {
    mutex.lock();
    try {
      strategies.remove(strategy);
      Stack running = stack;
      boolean inForce = running != null && running.strategy() == strategy;
      choose(inForce ? SwapCause.LEAVING : SwapCause.RANKING);
    } finally {
      mutex.unlock();
    }
  }

  @Reference(
      name = "congestion",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCongestionControl(CongestionControl control, Map<String, ?> properties) {
    mutex.lock();
    try {
      if (controls.put(control, Ranked.of(control, properties)) == null) {
        offer(control);
      }
      chooseCongestion();
    } finally {
      mutex.unlock();
    }
  }

  void updatedCongestionControl(CongestionControl control, Map<String, ?> properties) {
    bindCongestionControl(control, properties);
  }

  void unbindCongestionControl(CongestionControl control) {
    mutex.lock();
    try {
      controls.remove(control);
      Stack running = stack;
      if (running != null) {
        running.congestion().remove(control);
      }
      chooseCongestion();
    } finally {
      mutex.unlock();
    }
  }

  @Reference(
      name = "observer",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindObserver(SlotObserver observer, Map<String, ?> properties) {
    mutex.lock();
    try {
      observers.put(observer, String.valueOf(properties.get(SlotObserver.STACK)));
      observe();
    } finally {
      mutex.unlock();
    }
  }

  void updatedObserver(SlotObserver observer, Map<String, ?> properties) {
    bindObserver(observer, properties);
  }

  void unbindObserver(SlotObserver observer) {
    mutex.lock();
    try {
      observers.remove(observer);
      observe();
    } finally {
      mutex.unlock();
    }
  }

  private void observe() {
    Stack running = stack;
    if (running != null) {
      running.observe(
          Observers.of(
              observers.entrySet().stream()
                  .filter(each -> running.name().equals(each.getValue()))
                  .map(Map.Entry::getKey)
                  .toList()));
    }
  }

  private void start(Map<String, ?> values) {
    String pid = String.valueOf(values.get(Constants.SERVICE_PID));
    try {
      Properties properties = new Properties(pid, values);
      // A configuration file knows texts only, and the framework ranks by integers only.
      int ranking =
          (int)
              properties.number(Constants.SERVICE_RANKING, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
      Stack made = read(properties).build();
      stack = made;
      congestion = properties.text("congestion");
      target = properties.parsedOr("strategy.target", Target::parse, Target.ANY);
      controls.keySet().forEach(this::offer);
      chooseCongestion();
      choose(SwapCause.RANKING);
      observe();
      register(made, ranking);
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.ERROR, e.getMessage());
    }
  }

  /**
   * Enters the best strategy there is, or parks. Where the one in force is gone, the next best is
   * tried when the best can't start; else the one in force goes on.
   */
  private void choose(SwapCause cause) {
    Stack running = stack;
    if (running == null) {
      return;
    }
    ConcurrencyStrategy inForce = running.strategy();
    for (ConcurrencyStrategy candidate : candidates()) {
      if (candidate == inForce || enter(running, candidate, cause)) {
        return;
      }
      if (inForce != null && cause != SwapCause.LEAVING) {
        return;
      }
    }
    if (inForce != null) {
      enter(running, null, cause);
    }
  }

  /** Those that the configuration allows, the best first. */
  private List<ConcurrencyStrategy> candidates() {
    return Ranked.inOrder(
        strategies.values().stream().filter(each -> target.matches(each.properties())).toList());
  }

  private static boolean enter(
      Stack running, @Nullable ConcurrencyStrategy candidate, SwapCause cause) {
    String refused = running.swap(candidate, cause);
    if (refused != null) {
      LOG.log(System.Logger.Level.WARNING, "stack " + running.name() + ": " + refused);
    }
    return refused == null;
  }

  private void offer(CongestionControl control) {
    Stack running = stack;
    if (running == null) {
      return;
    }
    try {
      running.congestion().add(control);
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.log(System.Logger.Level.WARNING, "stack " + running.name() + ": " + e.getMessage());
    }
  }

  /** Uses the congestion control that is named while it is there, else the best there is. */
  private void chooseCongestion() {
    Stack running = stack;
    if (running == null) {
      return;
    }
    List<CongestionControl> inOrder = Ranked.inOrder(controls.values());
    CongestionControl best = inOrder.isEmpty() ? null : inOrder.getFirst();
    String chosen = best == null ? CongestionControls.BUILT_IN : best.name();
    List<String> names = running.congestion().names();
    if (congestion != null && names.contains(congestion)) {
      chosen = congestion;
    }
    if (names.contains(chosen) && !chosen.equals(running.congestion().current())) {
      running.congestion().use(chosen);
    }
  }

  private void register(Stack made, int ranking) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(StackView.STACK, made.name());
    properties.put(Constants.SERVICE_RANKING, ranking);
    registrations.add(context.registerService(Stack.class, made, properties));
    registrations.add(context.registerService(StackView.class, made.view(), properties));
  }

  private static StackBuilder read(Properties properties) {
    properties.required("name", "a stack's name, such as a");
    StackBuilder builder = Objects.requireNonNull(properties.parsed("name", StackBuilder::new));
    return builder
        // They come as services.
        .congestionControls(List.of())
        .cells((int) properties.number("cells", 64, 1, 4096))
        .memoryLimit(properties.number("memory.limit", 512L << 20, 1 << 20, Long.MAX_VALUE))
        .buffers(
            (int) properties.number("send.buffer", 4 << 20, 4096, 1 << 30),
            (int) properties.number("receive.buffer", 4 << 20, 4096, 1 << 30))
        .timeWait(SECOND * properties.number("time.wait.seconds", 60, 1, 3600))
        .minimumRto(MILLISECOND * properties.number("minimum.rto.millis", 200, 1, 60_000))
        .delayedAck(MILLISECOND * properties.number("delayed.ack.millis", 40, 0, 499))
        .synCookies(
            Objects.requireNonNullElse(
                properties.parsed("syn.cookies", SynCookies::parse), SynCookies.WHEN_FULL))
        .timestamps(properties.flag("timestamps", true))
        .sack(properties.flag("sack", true))
        .ecn(Objects.requireNonNullElse(properties.parsed("ecn", EcnUse::parse), EcnUse.PASSIVE));
  }
}
