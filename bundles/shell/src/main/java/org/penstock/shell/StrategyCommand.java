package org.penstock.shell;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.core.api.Stack;
import org.penstock.shell.internal.CommandException;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackConfiguration;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.StrategyChoice;
import org.penstock.shell.internal.view.StrategyReport;

/** The command that shows and changes a stack's concurrency strategy. */
@Component(
    service = StrategyCommand.class,
    property = {"osgi.command.scope=net", "osgi.command.function=strategy"})
public final class StrategyCommand {

  private final StackServices<Stack> stacks = StackServices.ofCore();
  private final List<ConcurrencyStrategy> strategies = new CopyOnWriteArrayList<>();
  private volatile @Nullable ConfigurationAdmin configurations;

  /** For the component runtime. */
  @Activate
  public StrategyCommand() {}

  /** Shows a stack's concurrency strategy, or has it use another one. */
  @Descriptor("shows the concurrency strategy of a stack, or has it use another one while it runs")
  public Report strategy(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("show every swap that the stack remembers, not only the last ten")
          @Parameter(
              names = {"-H", "--history"},
              presentValue = "true",
              absentValue = "false")
          boolean history,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor("[use NAME]: the strategy to use from now on") String[] use) {
    if (help) {
      return Help.of(StrategyCommand.class, "net", "strategy");
    }
    String wanted = Operands.use("net:strategy", use);
    Stack chosen = stacks.of(stack);
    if (wanted != null) {
      new StrategyChoice(new StackConfiguration(configurations)).use(chosen, named(wanted));
    }
    return new StrategyReport(chosen.name(), chosen.view().strategy(), names(), history);
  }

  private ConcurrencyStrategy named(String name) {
    return strategies.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CommandException(
                "no strategy '" + name + "': there is " + String.join(", ", names())));
  }

  private List<String> names() {
    return strategies.stream().map(ConcurrencyStrategy::name).sorted().toList();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStack(Stack service, Map<String, ?> properties) {
    stacks.bind(service, properties);
  }

  void unbindStack(Stack service) {
    stacks.unbind(service);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindConcurrencyStrategy(ConcurrencyStrategy service) {
    strategies.add(service);
  }

  void unbindConcurrencyStrategy(ConcurrencyStrategy service) {
    strategies.remove(service);
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
