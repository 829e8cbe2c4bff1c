package org.penstock.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.shell.internal.CommandException;
import org.penstock.shell.internal.Help;
import org.penstock.shell.internal.Operands;
import org.penstock.shell.internal.Report;
import org.penstock.shell.internal.StackServices;
import org.penstock.shell.internal.http.Console;
import org.penstock.shell.internal.http.HttpGet;
import org.penstock.shell.internal.http.HttpUrl;
import org.penstock.tdi.Client;

/** The command that fetches a URL. */
@Component(
    service = GetCommand.class,
    property = {"osgi.command.scope=net", "osgi.command.function=get"})
public final class GetCommand {

  private final StackServices<Client> clients = StackServices.ofTransport();

  /** For the component runtime. */
  @Activate
  public GetCommand() {}

  /** Fetches a URL through a stack. */
  @Descriptor("fetches a URL through a stack, and shows status, size, time and speed")
  public Report get(
      CommandSession session,
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("FILE: where the body goes; by default it is thrown away")
          @Parameter(
              names = {"-o", "--output"},
              absentValue = "")
          String output,
      @Descriptor("print the body")
          @Parameter(
              names = {"-p", "--print"},
              presentValue = "true",
              absentValue = "false")
          boolean print,
      @Descriptor("show the body's SHA-256")
          @Parameter(
              names = {"-h", "--sha256"},
              presentValue = "true",
              absentValue = "false")
          boolean hash,
      @Descriptor("SECONDS: how long to wait for the server, 30 by default")
          @Parameter(
              names = {"-w", "--timeout"},
              absentValue = "30")
          String timeout,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor("URL: such as http://192.0.2.2/") String[] url) {
    if (help) {
      return Help.of(GetCommand.class, "net", "get");
    }
    HttpUrl parsed = HttpUrl.parse(Operands.one("net:get", "URL", url));
    Duration wait = Duration.ofNanos(Operands.seconds("--timeout", timeout));
    HttpGet get = new HttpGet(clients.of(stack), wait);
    PrintStream console = session.getConsole();
    try (WritableByteChannel body = body(output, print, console)) {
      Report download = get.fetch(parsed, body, hash);
      if (print) {
        console.println();
      }
      return download;
    } catch (IOException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable WritableByteChannel body(
      String output, boolean print, PrintStream console) throws IOException {
    if (!output.isEmpty()) {
      try {
        return FileChannel.open(
            Path.of(output),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
      } catch (IOException e) {
        throw new IOException("can't write " + output + ": " + e, e);
      }
    }
    return print ? new Console(console) : null;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindClient(Client service, Map<String, ?> properties) {
    clients.bind(service, properties);
  }

  void unbindClient(Client service) {
    clients.unbind(service);
  }
}
