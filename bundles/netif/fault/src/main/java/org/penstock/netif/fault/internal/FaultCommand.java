package org.penstock.netif.fault.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.view.InterfaceView;
import org.penstock.api.view.StackView;

/**
 * The command that makes an interface's network a bad one, and says what became of its frames. It
 * changes configurations, so that what it does stays.
 */
@Component(
    service = FaultCommand.class,
    property = {"osgi.command.scope=net", "osgi.command.function=fault"})
public final class FaultCommand {

  private final Collection<FaultComponent> components = new CopyOnWriteArrayList<>();
  private final Map<StackView, Integer> stacks = new HashMap<>();
  private volatile @Nullable ConfigurationAdmin configurations;

  /** For the component runtime. */
  @Activate
  public FaultCommand() {}

  /** Shows the fault injectors, or changes that of an interface. */
  @Descriptor(
      "shows the fault injectors and what they did, or changes that of an interface while it runs:"
          + " net:fault [-s STACK] [INTERFACE [off | [--in | --out] --loss 0.01 --delay 20ms"
          + " --jitter TIME --burst-loss P --burst-length N --reorder P --reorder-delay TIME"
          + " --duplicate P --duplicate-delay TIME --corrupt P --rate 10mbit --queue 64k"
          + " --mark BYTES --mtu N --down true --seed N --memory BYTES]]")
  public FaultReport fault(
      @Descriptor(
              "what to do, nothing to show all; --loss 0 takes loss back, off takes all back; a"
                  + " percentage needs quotes, as in --loss '1%'")
          String[] words)
      throws IOException {
    FaultRequest request = FaultRequest.parse(words);
    String slot = request.slot();
    if (slot != null) {
      StackView stack = stack(request.stack());
      requireSlot(stack, slot);
      new FaultConfiguration(configurations, stack.name(), slot).change(request);
    }
    return FaultReport.of(components);
  }

  private StackView stack(@Nullable String name) {
    synchronized (stacks) {
      return stacks.entrySet().stream()
          .filter(each -> name == null || each.getKey().name().equals(name))
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElseThrow(() ->
              new FaultException(
                  "no stack '"
                      + (name == null ? "" : name)
                      + "': there is "
                      + stacks.keySet().stream().map(StackView::name).sorted().toList()));
    }
  }

  private static void requireSlot(StackView stack, String slot) {
    if (stack.interfaces().stream().noneMatch(each -> each.name().equals(slot))) {
      throw new FaultException(
          "stack "
              + stack.name()
              + " has no interface '"
              + slot
              + "': there is "
              + stack.interfaces().stream().map(InterfaceView::name).toList());
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindComponent(FaultComponent component) {
    components.add(component);
  }

  void unbindComponent(FaultComponent component) {
    components.remove(component);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStack(StackView stack, Map<String, ?> properties) {
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
    synchronized (stacks) {
      stacks.put(stack, ranking);
    }
  }

  void unbindStack(StackView stack) {
    synchronized (stacks) {
      stacks.remove(stack);
    }
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindConfigurationAdmin(ConfigurationAdmin service) {
    configurations = service;
  }

  void unbindConfigurationAdmin(ConfigurationAdmin service) {
    if (configurations == service) {
      configurations = null;
    }
  }
}
