package org.penstock.shell;

import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.core.api.Stack;
import org.penstock.shell.internal.CommandException;
import org.penstock.shell.internal.CongestionChoice;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackConfiguration;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.view.CongestionReport;

/** The command that shows and changes which congestion control a stack's connections use. */
@Component(
    service = CongestionCommand.class,
    property = {"osgi.command.scope=net", "osgi.command.function=congestion"})
public final class CongestionCommand {

  private final StackServices<Stack> stacks = StackServices.ofCore();
  private volatile @Nullable ConfigurationAdmin configurations;

  /** For the component runtime. */
  @Activate
  public CongestionCommand() {}

  /** Shows the congestion controls of a stack, or has it or a connection use another one. */
  @Descriptor(
      "shows the congestion controls of a stack and who uses them, or has the stack or one of its"
          + " connections use another one while it runs")
  public Report congestion(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("LOCAL-REMOTE: one connection, such as 192.0.2.1:1024-192.0.2.2:80")
          @Parameter(
              names = {"-c", "--connection"},
              absentValue = "")
          String connection,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor("[use NAME]: the congestion control to use from now on") String[] use) {
    if (help) {
      return Help.of(CongestionCommand.class, "net", "congestion");
    }
    String wanted = Operands.use("net:congestion", use);
    if (wanted == null && !connection.isEmpty()) {
      throw new CommandException("net:congestion: --connection is for 'use NAME'");
    }
    Stack chosen = stacks.of(stack);
    if (wanted != null) {
      CongestionChoice choice = new CongestionChoice(new StackConfiguration(configurations));
      if (connection.isEmpty()) {
        choice.use(chosen, wanted);
      } else {
        choice.use(chosen, wanted, connection);
      }
    }
    return CongestionReport.of(chosen);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStack(Stack service, Map<String, ?> properties) {
    stacks.bind(service, properties);
  }

  void unbindStack(Stack service) {
    stacks.unbind(service);
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
