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
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.view.TransportReports;
import org.penstock.tdi.Transport;

/** The commands that show the transport layer of a stack. */
@Component(
    service = TdiCommands.class,
    property = {
      "osgi.command.scope=tdi",
      "osgi.command.function=files",
      "osgi.command.function=endpoints"
    })
public final class TdiCommands {

  private final StackServices<Transport> transports = StackServices.ofTransport();

  /** For the component runtime. */
  @Activate
  public TdiCommands() {}

  /** Shows the address files that are open. */
  @Descriptor("shows the address files that are open")
  public Report files(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report("files", help, operands, () -> TransportReports.files(transports.of(stack)));
  }

  /** Shows the connection endpoints that are open. */
  @Descriptor("shows the connection endpoints that are open")
  public Report endpoints(
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor(Operands.NONE) String[] operands) {
    return report(
        "endpoints", help, operands, () -> TransportReports.endpoints(transports.of(stack)));
  }

  private static Report report(
      String command, boolean help, String[] operands, Supplier<? extends Report> report) {
    if (help) {
      return Help.of(TdiCommands.class, "tdi", command);
    }
    Operands.none("tdi:" + command, operands);
    return report.get();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindTransport(Transport service, Map<String, ?> properties) {
    transports.bind(service, properties);
  }

  void unbindTransport(Transport service) {
    transports.unbind(service);
  }
}
