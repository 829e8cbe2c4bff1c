package org.penstock.shell;

import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.core.api.Stack;
import org.penstock.shell.internal.AddressChange;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.RouteChange;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.view.StackReports;

/** The commands that show and change a stack's addresses and routes. */
@Component(
    service = RoutingCommands.class,
    property = {
      "osgi.command.scope=net",
      "osgi.command.function=addr",
      "osgi.command.function=route"
    })
public final class RoutingCommands {

  private final StackServices<Stack> stacks = StackServices.ofCore();

  /** For the component runtime. */
  @Activate
  public RoutingCommands() {}

  /** Shows the addresses of a stack, or changes one. */
  @Descriptor("shows the addresses of a stack, or adds or removes one while it runs")
  public Report addr(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(
              "[add|del ADDRESS/LENGTH [dev INTERFACE]]: the change; the interface may be left out"
                  + " if there is one only")
          String[] change) {
    if (help) {
      return Help.of(RoutingCommands.class, "net", "addr");
    }
    AddressChange wanted = AddressChange.parse(change);
    Stack chosen = stacks.of(stack);
    if (wanted != null) {
      wanted.apply(chosen);
    }
    return StackReports.addresses(chosen.view());
  }

  /** Shows the routes of a stack, or changes one. */
  @Descriptor("shows the routes of a stack, or adds or removes one while it runs")
  public Report route(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(
              "[add|del DESTINATION [via GATEWAY] [dev INTERFACE] [metric N]]: the change; the"
                  + " destination is a prefix or 'default', and the interface may be left out if"
                  + " the gateway tells it")
          String[] change) {
    if (help) {
      return Help.of(RoutingCommands.class, "net", "route");
    }
    RouteChange wanted = RouteChange.parse(change);
    Stack chosen = stacks.of(stack);
    if (wanted != null) {
      wanted.apply(chosen);
    }
    return StackReports.routes(chosen.view());
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStack(Stack service, Map<String, ?> properties) {
    stacks.bind(service, properties);
  }

  void unbindStack(Stack service) {
    stacks.unbind(service);
  }
}
