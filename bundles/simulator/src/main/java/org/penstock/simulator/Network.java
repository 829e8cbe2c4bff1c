package org.penstock.simulator;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.SlotSettings;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.FrameStage;

/** The cables of a scenario, what they meet in, and what is bad about them. */
final class Network {

  /**
   * What each cable of a host with several passes: what was agreed on with a peer before is still
   * sent, whatever a driver that came later says of itself.
   */
  static final int LONGEST_MTU = 9000;

  private final Scenario scenario;
  private final List<Cable> cables = new ArrayList<>();
  private final List<ImpairedStage> up = new ArrayList<>();
  private final List<ImpairedStage> down = new ArrayList<>();
  private final List<ImpairedStage> spares = new ArrayList<>();
  private final List<List<Netif>> drivers = new ArrayList<>();
  private final @Nullable Junction junction;
  private final WireJudge judge = new WireJudge();
  private boolean hasThreads;

  Network(Scenario scenario, StackRuntime runtime, SplittableRandom seeds, WireTrace trace) {
    this.scenario = scenario;
    this.junction = junction(scenario);
    for (int i = 0; i < scenario.links().size(); i++) {
      HostPlan host = scenario.hosts().get(i);
      CableOptions options =
          CableOptions.named(host.name())
              .withMtu(host.spares().isEmpty() ? host.mtu() : LONGEST_MTU)
              .withQueueLength(host.queueFrames())
              .withOffload(host.offload());
      Cable cable = new Cable(runtime, options);
      LinkPlan link = scenario.links().get(i);
      ImpairedStage away = new ImpairedStage(link.up(), seeds.nextLong());
      ImpairedStage home = new ImpairedStage(link.down(), seeds.nextLong());
      String other = junction == null ? scenario.hosts().get(1).name() : host.name();
      boolean several = !host.spares().isEmpty();
      FrameStage seen = several ? away : judged(away);
      cable.stage(1, trace.around(seen, host.name() + " Out"));
      cable.stage(
          0,
          junction == null
              ? trace.around(judged(home), other + " Out")
              : trace.around(home, other + " In "));
      up.add(away);
      down.add(home);
      cables.add(cable);
      if (junction != null) {
        junction.plug(cable.end(1), runtime);
      }
      drivers.add(new ArrayList<>());
      if (junction != null) {
        Netif first = cable.end(0);
        drivers.getLast().add(several ? new JudgedNetif(first, host.mtu(), judge) : first);
        for (SparePlan spare : host.spares()) {
          addSpare(i, spare, runtime, seeds, trace);
        }
      }
    }
  }

  private void addSpare(
      int host, SparePlan spare, StackRuntime runtime, SplittableRandom seeds, WireTrace trace) {
    HostPlan plan = scenario.hosts().get(host);
    List<Netif> others = drivers.get(host);
    String name = plan.name() + others.size();
    CableOptions options =
        CableOptions.named(name)
            .withMtu(LONGEST_MTU)
            .withQueueLength(plan.queueFrames())
            .withOffload(spare.offload());
    Cable cable = new Cable(runtime, options);
    LinkPlan link = scenario.links().get(host);
    ImpairedStage away = new ImpairedStage(link.up(), seeds.nextLong());
    ImpairedStage home = new ImpairedStage(link.down(), seeds.nextLong());
    cable.stage(1, trace.around(away, name + " Out"));
    cable.stage(0, trace.around(home, name + " In "));
    spares.add(away);
    spares.add(home);
    requireNonNull(junction).plug(host, cable.end(1), runtime);
    others.add(new JudgedNetif(cable.end(0), spare.mtu(), judge));
  }

  /** Has the judge see what leaves a host. */
  private FrameStage judged(FrameStage stage) {
    return (sent, frame, arrivals) -> {
      judge.sent(frame);
      stage.pass(sent, frame, arrivals);
    };
  }

  /** What some host has sent that none may, or null. */
  @Nullable String wrong() {
    return judge.wrong();
  }

  private static @Nullable Junction junction(Scenario scenario) {
    return switch (scenario.topology()) {
      case CABLE -> null;
      case SWITCH -> new Switch();
      case ROUTER -> {
        int count = scenario.hosts().size();
        MacAddress[] macs = new MacAddress[count];
        int[] mtus = new int[count];
        for (int i = 0; i < count; i++) {
          macs[i] = mac(i);
          mtus[i] = scenario.hosts().get(i).mtu();
        }
        yield new Router(macs, mtus, scenario.tellsMtu());
      }
    };
  }

  private static MacAddress mac(int host) {
    return MacAddress.locallyAdministered(host + 1);
  }

  /** A host's end of its cable. */
  Netif netif(int host) {
    return junction == null ? cables.getFirst().end(host) : driver(host, 0);
  }

  /** A driver of a host's: its own, 0, or one of its spares. */
  Netif driver(int host, int index) {
    return drivers.get(host).get(index);
  }

  IpAddress address(int host) {
    return isRouted() ? Router.host(host) : IpAddress.parse("192.0.2." + (host + 1));
  }

  /** What a host's interface is set to. */
  SlotSettings slot(int host) {
    IpPrefix prefix = new IpPrefix(address(host), isRouted() ? Router.PREFIX : 24);
    IpAddress gateway = isRouted() ? Router.address(host) : null;
    return new SlotSettings("net0", mac(host), List.of(prefix), gateway, 0);
  }

  private boolean isRouted() {
    return scenario.topology() == Scenario.Topology.ROUTER;
  }

  // ---- driving

  /** Has threads drive the junction. */
  void start(Crew crew) {
    if (junction != null) {
      junction.start(crew);
      hasThreads = true;
    }
  }

  /** Ends these threads. */
  void stop() {
    if (junction != null) {
      junction.stop();
      hasThreads = false;
    }
  }

  /** Takes what has come to the junction; returns how many frames. */
  int work() {
    return junction == null || hasThreads ? 0 : junction.work();
  }

  /** When a frame next comes to the junction. */
  long nextDue() {
    return junction == null || hasThreads ? StackRuntime.NEVER : junction.nextDue();
  }

  // ---- disturbances

  void begin(Disturbance what) {
    int link = Math.min(what.host(), cables.size() - 1);
    switch (what.kind()) {
      case UNPLUGGED -> cables.get(link).plugged(false);
      case SILENT -> silent(link, true);
      case MTU -> mtu(what.host(), what.bytes());
    }
  }

  void end(Disturbance what) {
    int link = Math.min(what.host(), cables.size() - 1);
    switch (what.kind()) {
      case UNPLUGGED -> cables.get(link).plugged(true);
      case SILENT -> silent(link, false);
      case MTU -> mtu(what.host(), scenario.hosts().get(what.host()).mtu());
    }
  }

  /** Makes a way out other than planned. */
  void spoil(int link, ImpairmentConfig config) {
    up.get(link).model().config(config);
  }

  private void silent(int link, boolean on) {
    for (ImpairmentModel model : List.of(up.get(link).model(), down.get(link).model())) {
      ImpairmentConfig now = model.config();
      model.config(now.toBuilder().down(on).build());
    }
  }

  private void mtu(int host, int bytes) {
    if (junction instanceof Router router) {
      router.mtu(host, Math.min(bytes, scenario.hosts().get(host).mtu()));
    }
  }

  // ---- what became of it

  /** What each way of each link did to frames; a link's way from its host first. */
  List<Map<Impairment, Long>> impairments() {
    List<Map<Impairment, Long>> counts = new ArrayList<>();
    for (int i = 0; i < up.size(); i++) {
      counts.add(counts(up.get(i)));
      counts.add(counts(down.get(i)));
    }
    spares.forEach(stage -> counts.add(counts(stage)));
    return counts;
  }

  private static Map<Impairment, Long> counts(ImpairedStage stage) {
    return new EnumMap<>(stage.model().counts());
  }

  void close() {
    if (junction != null) {
      junction.close();
    }
  }
}
