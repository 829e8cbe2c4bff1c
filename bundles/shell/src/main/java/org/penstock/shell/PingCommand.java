package org.penstock.shell;

import java.time.Duration;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.core.api.Stack;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.ping.Ping;

/** The command that sends echo requests. */
@Component(
    service = PingCommand.class,
    property = {"osgi.command.scope=net", "osgi.command.function=ping"})
public final class PingCommand {

  private final StackServices<Stack> stacks = StackServices.ofCore();

  /** For the component runtime. */
  @Activate
  public PingCommand() {}

  /** Sends echo requests and shows the answers. */
  @Descriptor("sends ICMP echo requests and shows the answers")
  public Report ping(
      CommandSession session,
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("N: how many requests, 4 by default")
          @Parameter(
              names = {"-c", "--count"},
              absentValue = "4")
          String count,
      @Descriptor("SECONDS: from one request to the next, 1 by default")
          @Parameter(
              names = {"-i", "--interval"},
              absentValue = "1")
          String interval,
      @Descriptor("BYTES: of payload, 56 by default")
          @Parameter(
              names = {"-l", "--size"},
              absentValue = "56")
          String size,
      @Descriptor("SECONDS: how long to wait for each answer, 2 by default")
          @Parameter(
              names = {"-w", "--timeout"},
              absentValue = "2")
          String timeout,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor("ADDRESS: where to") String[] address) {
    if (help) {
      return Help.of(PingCommand.class, "net", "ping");
    }
    Ping ping =
        new Ping(
            Operands.address(Operands.one("net:ping", "ADDRESS", address)),
            Operands.number("--count", count, 1, Integer.MAX_VALUE),
            Operands.number("--size", size, 0, Ping.MOST_BYTES),
            Operands.seconds("--interval", interval),
            Operands.seconds("--timeout", timeout));
    return ping.run(
        stacks.of(stack).icmp(),
        nanos -> Thread.sleep(Duration.ofNanos(nanos)),
        line -> session.getConsole().println(line));
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStack(Stack service, Map<String, ?> properties) {
    stacks.bind(service, properties);
  }

  void unbindStack(Stack service) {
    stacks.unbind(service);
  }
}
