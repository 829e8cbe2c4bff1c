package org.penstock.shell;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.view.StackView;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.view.StackReports;

/** The commands that show a stack. */
@Component(
    service = NetCommands.class,
    property = {
      "osgi.command.scope=net",
      "osgi.command.function=if",
      "osgi.command.function=arp",
      "osgi.command.function=pcbs",
      "osgi.command.function=stat",
      "osgi.command.function=mem"
    })
public final class NetCommands {

  private final StackServices<StackView> stacks = StackServices.ofCore();

  /** For the component runtime. */
  @Activate
  public NetCommands() {}

  /** Shows the interfaces of a stack. */
  @Descriptor("shows the interfaces of a stack")
  public Report _if(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("if", help, operands, () -> StackReports.interfaces(stacks.of(stack)));
  }

  /** Shows the neighbours that a stack knows. */
  @Descriptor("shows the neighbours that a stack knows")
  public Report arp(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("arp", help, operands, () -> StackReports.neighbours(stacks.of(stack)));
  }

  /** Shows the four lists of protocol control blocks. */
  @Descriptor("shows the four lists of protocol control blocks")
  public Report pcbs(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("pcbs", help, operands, () -> StackReports.pcbs(stacks.of(stack)));
  }

  /** Shows what a stack counted, and what it dropped and why. */
  @Descriptor("shows what a stack counted, and what it dropped and why")
  public Report stat(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("show those that are 0 as well")
          @Parameter(
              names = {"-z", "--zeros"},
              presentValue = "true",
              absentValue = "false")
          boolean zeros,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("stat", help, operands, () -> StackReports.statistics(stacks.of(stack), zeros));
  }

  /** Shows the memory that a stack holds. */
  @Descriptor("shows the memory that a stack holds")
  public Report mem(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("mem", help, operands, () -> StackReports.memory(stacks.of(stack)));
  }

  private static Report report(
      String command, boolean help, String[] operands, Supplier<? extends Report> report) {
    if (help) {
      return Help.of(NetCommands.class, "net", command);
    }
    Operands.none("net:" + command, operands);
    return report.get();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStackView(StackView service, Map<String, ?> properties) {
    stacks.bind(service, properties);
  }

  void unbindStackView(StackView service) {
    stacks.unbind(service);
  }
}
