package org.penstock.shell.internal.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.DriverView;
import org.penstock.api.view.InterfaceView;
import org.penstock.api.view.MemoryView;
import org.penstock.api.view.NeighbourView;
import org.penstock.api.view.PcbView;
import org.penstock.api.view.RouteView;
import org.penstock.api.view.StackView;
import org.penstock.shell.internal.table.Column;
import org.penstock.shell.internal.table.Layout;
import org.penstock.shell.internal.table.Rows;
import org.penstock.shell.internal.table.Sections;
import org.penstock.shell.internal.table.Units;

/** A stack's views as reports. At passive level, any thread. */
public final class StackReports {

  private static final Layout<InterfaceView> INTERFACES =
      Layout.of(
          Column.text("INTERFACE", InterfaceView::name),
          Column.text("STATE", view -> view.up() ? "up" : "down"),
          Column.text("DRIVER", InterfaceView::driver),
          Column.text("STANDBY", StackReports::standby),
          Column.number("BOUND", InterfaceView::generation),
          Column.text("MAC", view -> view.mac().equals(MacAddress.ZERO) ? "" : view.mac()),
          Column.number("MTU", InterfaceView::mtu),
          Column.text("ADDRESSES", view -> joined(view.addresses())),
          Column.number("RX-FRAMES", InterfaceView::receivedFrames),
          Column.number("RX-BYTES", view -> Units.bytes(view.receivedBytes())),
          Column.number("TX-FRAMES", InterfaceView::sentFrames),
          Column.number("TX-BYTES", view -> Units.bytes(view.sentBytes())),
          Column.number("DROPPED", InterfaceView::dropped),
          Column.text("OFFLOAD", InterfaceView::offload),
          Column.text("FAILED", StackReports::failed));

  private static final Layout<InterfaceAddress> ADDRESSES =
      Layout.of(
          Column.text("ADDRESS", InterfaceAddress::address),
          Column.text("INTERFACE", InterfaceAddress::slot),
          Column.text("STATE", view -> view.up() ? "up" : "down"));

  private static final Layout<RouteView> ROUTES =
      Layout.of(
          Column.text("DESTINATION", RouteView::destination),
          Column.text("GATEWAY", view -> view.gateway() == null ? "on link" : view.gateway()),
          Column.text("INTERFACE", RouteView::slot),
          Column.number("METRIC", RouteView::metric));

  private static final Layout<NeighbourView> NEIGHBOURS =
      Layout.of(
          Column.text("ADDRESS", NeighbourView::address),
          Column.text("MAC", view -> view.mac() == null ? "" : view.mac()),
          Column.text("INTERFACE", NeighbourView::slot),
          Column.text("STATE", view -> view.state().name().toLowerCase(Locale.ROOT)),
          Column.number("AGE", view -> Units.time(view.ageNanos())));

  private static final Layout<PcbView> PCBS =
      Layout.of(
          Column.text("PROTO", PcbView::protocol),
          Column.text("STATE", PcbView::state),
          Column.text("LOCAL", view -> address(view.local())),
          Column.text("REMOTE", view -> address(view.remote())),
          Column.text("OWNER", PcbView::owner),
          Column.number("SEND-Q", view -> Units.bytes(view.sendQueue())),
          Column.number("RECV-Q", view -> Units.bytes(view.receiveQueue())),
          Column.number("CWND", view -> view.window() == 0 ? "" : Units.bytes(view.window())),
          Column.number(
              "RTT",
              view -> view.smoothedRttNanos() == 0 ? "" : Units.time(view.smoothedRttNanos())),
          Column.number("RETRANS", PcbView::retransmitted),
          Column.text("CONGESTION", PcbView::congestion),
          Column.number("CELL", PcbView::cell));

  /** PCBs that have no connection: bound and listening ones. */
  private static final Layout<PcbView> UNCONNECTED =
      Layout.of(
          Column.text("PROTO", PcbView::protocol),
          Column.text("LOCAL", view -> address(view.local())),
          Column.text("OWNER", PcbView::owner),
          Column.number("CELL", PcbView::cell));

  private static final Layout<Statistic> STATISTICS =
      Layout.of(
          Column.text("NAME", Statistic::name),
          Column.number("VALUE", Statistic::value),
          Column.text("UNIT", Statistic::unit),
          Column.text("MEANING", Statistic::description));

  private static final Layout<Usage> USAGES =
      Layout.of(
          Column.text("MEMORY", Usage::what),
          Column.number("TOTAL", usage -> amount(usage, usage.total())),
          Column.number("USED", usage -> amount(usage, usage.used())),
          Column.number("FREE", usage -> amount(usage, usage.free())));

  /**
   * An address of an interface.
   *
   * @param address with its prefix length
   * @param slot the interface's name
   * @param up true if the interface is up
   */
  public record InterfaceAddress(IpPrefix address, String slot, boolean up) {}

  private StackReports() {}

  /** Its interfaces. */
  public static Rows<InterfaceView> interfaces(StackView stack) {
    return new Rows<>(stack.interfaces(), INTERFACES, "no interfaces");
  }

  /** The drivers that stand by, each without a link marked. */
  private static String standby(InterfaceView view) {
    return view.drivers().stream()
        .filter(driver -> driver.role() == DriverView.Role.STANDBY)
        .map(driver -> driver.link() ? driver.name() : driver.name() + " (no link)")
        .collect(Collectors.joining(", "));
  }

  private static String failed(InterfaceView view) {
    return view.drivers().stream()
        .filter(driver -> driver.role() == DriverView.Role.FAILED)
        .map(driver -> driver.name() + ": " + driver.reason())
        .collect(Collectors.joining("; "));
  }

  /** The addresses of its interfaces. */
  public static Rows<InterfaceAddress> addresses(StackView stack) {
    List<InterfaceAddress> addresses = new ArrayList<>();
    for (InterfaceView view : stack.interfaces()) {
      for (IpPrefix address : view.addresses()) {
        addresses.add(new InterfaceAddress(address, view.name(), view.up()));
      }
    }
    return new Rows<>(addresses, ADDRESSES, "no addresses");
  }

  /** Its routes. */
  public static Rows<RouteView> routes(StackView stack) {
    return new Rows<>(stack.routes(), ROUTES, "no routes");
  }

  /** Its neighbour cache. */
  public static Rows<NeighbourView> neighbours(StackView stack) {
    return new Rows<>(stack.neighbours(), NEIGHBOURS, "no neighbours");
  }

  /** Its four lists of PCBs. */
  public static Sections<PcbView> pcbs(StackView stack) {
    Map<PcbView.List, List<PcbView>> lists = new EnumMap<>(PcbView.List.class);
    stack.pcbs(pcb -> lists.computeIfAbsent(pcb.list(), list -> new ArrayList<>()).add(pcb));
    Sections<PcbView> sections = new Sections<>();
    for (PcbView.List list : PcbView.List.values()) {
      List<PcbView> pcbs = lists.getOrDefault(list, new ArrayList<>());
      pcbs.sort(
          Comparator.comparing(PcbView::protocol)
              .thenComparing(pcb -> pcb.local().port())
              .thenComparing(pcb -> pcb.local().address())
              .thenComparing(pcb -> pcb.remote().address())
              .thenComparing(pcb -> pcb.remote().port()));
      Layout<PcbView> layout =
          switch (list) {
            case BOUND, LISTENING -> UNCONNECTED;
            case ACTIVE, TIME_WAIT -> PCBS;
          };
      String title = list.name().replace('_', '-') + " (" + pcbs.size() + ")";
      sections.with(title, new Rows<>(pcbs, layout, "none"));
    }
    return sections;
  }

  /**
   * What it counted, and what it dropped and why.
   *
   * @param zeros true to show those that are 0 as well
   */
  public static Sections<Statistic> statistics(StackView stack, boolean zeros) {
    List<Statistic> counted = new ArrayList<>();
    stack
        .counters()
        .forEach((counter, value) ->
            counted.add(
                new Statistic(counter.label(), value, counter.unit(), counter.description())));
    List<Statistic> dropped = new ArrayList<>();
    stack
        .drops()
        .forEach((reason, value) ->
            dropped.add(new Statistic(reason.name(), value, "packets", reason.description())));
    if (!zeros) {
      counted.removeIf(each -> each.value() == 0);
      dropped.removeIf(each -> each.value() == 0);
    }
    return new Sections<Statistic>()
        .with("COUNTERS", new Rows<>(counted, STATISTICS, "nothing was counted"))
        .with("DROPPED", new Rows<>(dropped, STATISTICS, "nothing was dropped"));
  }

  /** The memory it holds. */
  public static Rows<Usage> memory(StackView stack) {
    MemoryView memory = stack.memory();
    long used = memory.used();
    return new Rows<>(
        List.of(
            new Usage("landings", memory.landingsTotal(), memory.landingsFree(), "landings"),
            new Usage("chunks", memory.chunkBytes(), memory.chunkBytesFree(), "bytes"),
            Usage.of("soft limit", memory.softLimit(), used),
            Usage.of("hard limit", memory.hardLimit(), used),
            Usage.of("limit of both", memory.limit(), used)),
        USAGES,
        "");
  }

  private static String amount(Usage usage, long value) {
    return usage.unit().equals("bytes") ? Units.bytes(value) : Long.toString(value);
  }

  private static String joined(List<IpPrefix> prefixes) {
    return prefixes.stream().map(IpPrefix::toString).collect(Collectors.joining(" "));
  }

  /** An address; any address and any port are shown as stars. */
  static String address(TransportAddress address) {
    IpAddress ip = address.address();
    String port = address.port() == 0 ? "*" : Integer.toString(address.port());
    String host = ip.isAny() ? "*" : ip.isIpv4() ? ip.toString() : "[" + ip + "]";
    return host + ":" + port;
  }
}
