package org.penstock.service.iperf3.internal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.service.StackService;
import org.penstock.service.iperf3.Iperf3Client;
import org.penstock.service.iperf3.Iperf3Exception;
import org.penstock.service.iperf3.Iperf3Interval;
import org.penstock.service.iperf3.Iperf3Report;
import org.penstock.service.iperf3.Iperf3Settings;
import org.penstock.service.iperf3.Iperf3Settings.Direction;
import org.penstock.tdi.Client;

/** The command {@code net:iperf3}: the client, with the options that iperf3 has. */
@Component(
    service = Iperf3Command.class,
    property = {"osgi.command.scope=net", "osgi.command.function=iperf3"})
public final class Iperf3Command {

  private static final String USAGE =
      """
      usage: net:iperf3 [OPTION]... ADDRESS
        -p, --port PORT      the server's, 5201 by default
        -R, --reverse        the server sends
        --bidir              both send
        -P, --parallel N     streams in each direction
        -u, --udp            datagrams instead of TCP, at 1 Mbit/s without -b
        -t, --time SECONDS   how long, 10 by default
        -n, --bytes N[KMG]   how much instead of how long
        -O, --omit SECONDS   how long at the beginning does not count
        -l, --length N[KMG]  bytes of a write or a datagram
        -b, --bitrate N[KMG] bits a second of each stream, 0 for no limit
        -w, --window N[KMG]  bytes of the buffers
        -N, --no-delay       send small segments at once
        -i, --interval SECONDS  between lines, 1 by default
        -J, --json           the report as JSON instead of lines
        -s, --stack NAME     the stack, by default the one with the highest ranking
        --help               print this\
      """;

  private static final long KILO = 1000;
  private static final long KIBI = 1024;

  private final Map<Client, Known> clients = new ConcurrentHashMap<>();

  /** For the component runtime. */
  @Activate
  public Iperf3Command() {}

  /** Measures the throughput to an iperf3 server. */
  @Descriptor("measures the throughput to an iperf3 server")
  public String iperf3(
      CommandSession session,
      @Descriptor("NAME: the stack, by default the one with the highest ranking")
          @Parameter(
              names = {"-s", "--stack"},
              absentValue = "")
          String stack,
      @Descriptor("PORT: the server's, 5201 by default")
          @Parameter(
              names = {"-p", "--port"},
              absentValue = "5201")
          String port,
      @Descriptor("the server sends")
          @Parameter(
              names = {"-R", "--reverse"},
              presentValue = "true",
              absentValue = "false")
          boolean reverse,
      @Descriptor("both send")
          @Parameter(names = "--bidir", presentValue = "true", absentValue = "false")
          boolean bidirectional,
      @Descriptor("N: streams in each direction")
          @Parameter(
              names = {"-P", "--parallel"},
              absentValue = "1")
          String parallel,
      @Descriptor("datagrams instead of TCP")
          @Parameter(
              names = {"-u", "--udp"},
              presentValue = "true",
              absentValue = "false")
          boolean udp,
      @Descriptor("SECONDS: how long, 10 by default")
          @Parameter(
              names = {"-t", "--time"},
              absentValue = "10")
          String seconds,
      @Descriptor("N[KMG]: how much instead of how long")
          @Parameter(
              names = {"-n", "--bytes"},
              absentValue = "")
          String bytes,
      @Descriptor("SECONDS: how long at the beginning does not count")
          @Parameter(
              names = {"-O", "--omit"},
              absentValue = "0")
          String omit,
      @Descriptor("N[KMG]: bytes of a write or a datagram")
          @Parameter(
              names = {"-l", "--length"},
              absentValue = "")
          String length,
      @Descriptor("N[KMG]: bits a second of each stream, 0 for no limit")
          @Parameter(
              names = {"-b", "--bitrate"},
              absentValue = "")
          String bitrate,
      @Descriptor("N[KMG]: bytes of the buffers")
          @Parameter(
              names = {"-w", "--window"},
              absentValue = "")
          String window,
      @Descriptor("send small segments at once")
          @Parameter(
              names = {"-N", "--no-delay"},
              presentValue = "true",
              absentValue = "false")
          boolean noDelay,
      @Descriptor("SECONDS: between lines, 1 by default")
          @Parameter(
              names = {"-i", "--interval"},
              absentValue = "1")
          String interval,
      @Descriptor("the report as JSON")
          @Parameter(
              names = {"-J", "--json"},
              presentValue = "true",
              absentValue = "false")
          boolean json,
      @Descriptor("print this")
          @Parameter(names = "--help", presentValue = "true", absentValue = "false")
          boolean help,
      @Descriptor("ADDRESS: the server's") String[] address)
      throws Iperf3Exception {
    if (help) {
      return USAGE;
    }
    if (address.length != 1 || address[0].startsWith("-")) {
      throw new WrongUsage("net:iperf3 takes options and one ADDRESS; see net:iperf3 --help");
    }
    Direction direction =
        bidirectional ? Direction.BIDIRECTIONAL : reverse ? Direction.REVERSE : Direction.FORWARD;
    try {
      Iperf3Settings settings = Iperf3Settings.DEFAULT;
      settings = udp ? settings.overUdp() : settings;
      settings =
          settings
              .withDirection(direction)
              .withParallel(whole("--parallel", parallel, 1))
              .withSeconds(whole("--time", seconds, 1))
              .withOmitSeconds(whole("--omit", omit, 1))
              .withLength(whole("--length", length, KIBI))
              .withWindow(whole("--window", window, KIBI))
              .withNoDelay(noDelay);
      if (!bytes.isEmpty()) {
        settings = settings.withBytes((long) number("--bytes", bytes, KIBI));
      }
      if (!bitrate.isEmpty()) {
        settings = settings.withBitsPerSecond((long) number("--bitrate", bitrate, KILO));
      }
      return run(
          session.getConsole(),
          new Iperf3Client(client(stack)),
          new TransportAddress(IpAddress.parse(address[0]), whole("--port", port, 1)),
          settings,
          Duration.ofMillis((long) (number("--interval", interval, 1) * KILO)),
          json);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(String.valueOf(e.getMessage()));
    }
  }

  /** What a command does not take, in one line: Gogo shows an exception by its text. */
  private static final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String message) {
      super(message, null, false, false);
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }

  private static String run(
      PrintStream console,
      Iperf3Client client,
      TransportAddress server,
      Iperf3Settings settings,
      Duration every,
      boolean json)
      throws Iperf3Exception {
    if (json) {
      return client.run(server, settings, every, part -> {}).json();
    }
    console.println(ReportText.head(settings));
    Iperf3Report report =
        client.run(server, settings, every, part -> print(console, settings, part));
    return report.text();
  }

  private static void print(
      PrintStream console, Iperf3Settings settings, List<Iperf3Interval> part) {
    ReportText.lines(settings, part).forEach(console::println);
    console.flush();
  }

  private static int whole(String option, String text, long step) {
    double value = text.isEmpty() ? 0 : number(option, text, step);
    if (value > Integer.MAX_VALUE || value != Math.floor(value)) {
      throw new IllegalArgumentException(
          option + " '" + text + "' is not a whole number up to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /**
   * A number of 0 or more, with a unit of iperf3's (K, M, G) or none.
   *
   * @param step from one unit to the next, 1 if there are none
   */
  private static double number(String option, String text, long step) {
    int unit = "KMG".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
    boolean scaled = unit >= 0 && step > 1;
    try {
      double value = Double.parseDouble(scaled ? text.substring(0, text.length() - 1) : text);
      if (value >= 0) {
        return scaled ? value * Math.pow(step, unit + 1) : value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        option + " '" + text + "' is not a number" + (step > 1 ? ", such as 1000 or 10M" : ""));
  }

  /** The client of a stack; without a name, of the one with the highest ranking. */
  private Client client(String stack) {
    return clients.values().stream()
        .filter(each -> stack.isEmpty() || each.stack().equals(stack))
        .min(Comparator.comparingInt(Known::ranking).reversed().thenComparingLong(Known::id))
        .map(Known::client)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no stack '"
                    + stack
                    + "': there is "
                    + clients.values().stream().map(Known::stack).sorted().toList()));
  }

  private record Known(Client client, String stack, int ranking, long id) {}

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindClient(Client client, Map<String, ?> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
    long id = properties.get("service.id") instanceof Long number ? number : 0;
    String stack = String.valueOf(properties.get(StackService.STACK));
    clients.put(client, new Known(client, stack, ranking, id));
  }

  void unbindClient(Client client) {
    clients.remove(client);
  }
}
