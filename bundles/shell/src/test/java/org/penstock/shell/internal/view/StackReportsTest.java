package org.penstock.shell.internal.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.netif.LinkType;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DriverView;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.InterfaceView;
import org.penstock.api.view.MemoryView;
import org.penstock.api.view.NeighbourView;
import org.penstock.api.view.PcbView;
import org.penstock.api.view.RouteView;
import org.penstock.api.view.StackView;
import org.penstock.api.view.StrategyView;

/** How a stack is shown. */
class StackReportsTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private final StackView stack = new OneOfEach();

  @Test
  void interfacesAndTheirAddresses() {
    assertThat(StackReports.interfaces(stack).text())
        .isEqualTo(
            """
            INTERFACE  STATE  DRIVER  STANDBY  BOUND  MAC                 MTU  ADDRESSES     \
                           RX-FRAMES  RX-BYTES  TX-FRAMES  TX-BYTES  DROPPED  OFFLOAD   FAILED
            net0       up     tap0    tap1         1  02:00:00:00:00:01  1500  192.0.2.1/24 2\
            001:db8::1/64          3   2.0 KiB          4       5 B        6  csum tso  tap2: it hangs
            net1       down   -       -            0  -                  1500  -             \
                                   0       0 B          0       0 B        0  -         -\
            """);
    assertThat(StackReports.addresses(stack).text())
        .isEqualTo(
            """
            ADDRESS         INTERFACE  STATE
            192.0.2.1/24    net0       up
            2001:db8::1/64  net0       up\
            """);
  }

  @Test
  void routesAndNeighbours() {
    assertThat(StackReports.routes(stack).text())
        .isEqualTo(
            """
            DESTINATION   GATEWAY      INTERFACE  METRIC
            192.0.2.0/24  on link      net0            0
            0.0.0.0/0     192.0.2.254  net0           10\
            """);
    assertThat(StackReports.neighbours(stack).text())
        .isEqualTo(
            """
            ADDRESS    MAC                INTERFACE  STATE          AGE
            192.0.2.2  02:00:00:00:00:01  net0       reachable   12.0 s
            192.0.2.3  -                  net0       incomplete    5 ns\
            """);
  }

  @Test
  void allFourListsAreShown() {
    assertThat(StackReports.pcbs(stack).text())
        .isEqualTo(
            """
            BOUND (1)
              PROTO  LOCAL  OWNER    CELL
              udp    *:7    address     1

            LISTENING (0)
              none

            ACTIVE (1)
              PROTO  STATE        LOCAL         REMOTE           OWNER      SEND-Q  RECV-Q\
                  CWND      RTT  RETRANS  CONGESTION  CELL
              tcp    ESTABLISHED  192.0.2.1:80  192.0.2.2:40000  endpoint  1.0 KiB     0 B\
              14.3 KiB  1.50 ms        2  newreno        3

            TIME-WAIT (0)
              none\
            """);
    assertThat(StackReports.pcbs(stack)).hasSize(2);
  }

  @Test
  void countersWithoutZerosUnlessAskedFor() {
    assertThat(StackReports.statistics(stack, false).text())
        .isEqualTo(
            """
            COUNTERS
              NAME          VALUE  UNIT     MEANING
              ipInReceives     12  packets  IP packets received

            DROPPED
              NAME      VALUE  UNIT     MEANING
              NO_ROUTE      3  packets  no route to the destination\
            """);
    assertThat(StackReports.statistics(stack, true))
        .hasSize(Counter.values().length + DropReason.values().length);
  }

  @Test
  void memory() {
    assertThat(StackReports.memory(stack).text())
        .isEqualTo(
            """
            MEMORY           TOTAL     USED        FREE
            landings            30       10          20
            chunks         1.0 MiB  4.0 KiB  1020.0 KiB
            soft limit     1.5 MiB  1.0 MiB   512.0 KiB
            hard limit     1.8 MiB  1.0 MiB   768.0 KiB
            limit of both  2.0 MiB  1.0 MiB     1.0 MiB\
            """);
  }

  /** A stack with one of each thing. */
  private static final class OneOfEach implements StackView {
    @Override
    public String name() {
      return "a";
    }

    @Override
    public List<InterfaceView> interfaces() {
      return List.of(
          new InterfaceView(
              "net0",
              "tap0",
              List.of(
                  new DriverView("tap0", 10, DriverView.Role.ACTIVE, true, ""),
                  new DriverView("tap1", 5, DriverView.Role.STANDBY, true, ""),
                  new DriverView("tap2", 0, DriverView.Role.FAILED, false, "it hangs")),
              1,
              true,
              LinkType.ETHERNET,
              MAC,
              1500,
              List.of(IpPrefix.parse("192.0.2.1/24"), IpPrefix.parse("2001:db8::1/64")),
              "csum tso",
              3,
              2048,
              4,
              5,
              6),
          new InterfaceView(
              "net1",
              "",
              List.of(),
              0,
              false,
              LinkType.ETHERNET,
              MacAddress.ZERO,
              1500,
              List.of(),
              "",
              0,
              0,
              0,
              0,
              0));
    }

    @Override
    public List<RouteView> routes() {
      return List.of(
          new RouteView(IpPrefix.parse("192.0.2.0/24"), null, "net0", 0),
          new RouteView(IpPrefix.parse("0.0.0.0/0"), IpAddress.parse("192.0.2.254"), "net0", 10));
    }

    @Override
    public List<NeighbourView> neighbours() {
      return List.of(
          new NeighbourView(
              IpAddress.parse("192.0.2.2"),
              MAC,
              "net0",
              NeighbourView.State.REACHABLE,
              12_000_000_000L),
          new NeighbourView(
              IpAddress.parse("192.0.2.3"), null, "net0", NeighbourView.State.INCOMPLETE, 5));
    }

    @Override
    public void pcbs(Consumer<? super PcbView> consumer) {
      consumer.accept(
          new PcbView(
              "tcp",
              PcbView.List.ACTIVE,
              "ESTABLISHED",
              TransportAddress.parse("192.0.2.1:80"),
              TransportAddress.parse("192.0.2.2:40000"),
              "endpoint",
              1024,
              0,
              14_600,
              1_500_000,
              2,
              "newreno",
              3));
      consumer.accept(
          new PcbView(
              "udp",
              PcbView.List.BOUND,
              "-",
              TransportAddress.of("0.0.0.0", 7),
              TransportAddress.ANY_IPV4,
              "address",
              0,
              0,
              0,
              0,
              0,
              "",
              1));
    }

    @Override
    public Map<Counter, Long> counters() {
      Map<Counter, Long> counters =
          Arrays.stream(Counter.values())
              .collect(
                  Collectors.toMap(
                      each -> each, each -> 0L, Long::sum, () -> new EnumMap<>(Counter.class)));
      counters.put(Counter.IP_IN_RECEIVES, 12L);
      return counters;
    }

    @Override
    public Map<DropReason, Long> drops() {
      Map<DropReason, Long> drops =
          Arrays.stream(DropReason.values())
              .collect(
                  Collectors.toMap(
                      each -> each, each -> 0L, Long::sum, () -> new EnumMap<>(DropReason.class)));
      drops.put(DropReason.NO_ROUTE, 3L);
      return drops;
    }

    @Override
    public StrategyView strategy() {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemoryView memory() {
      return new MemoryView(30, 20, 1 << 20, (1 << 20) - 4096, 1 << 20, 3 << 19, 7 << 18, 2 << 20);
    }

    @Override
    public List<String> checkInvariants() {
      return List.of();
    }
  }
}
