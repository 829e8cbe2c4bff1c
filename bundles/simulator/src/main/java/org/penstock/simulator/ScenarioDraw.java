package org.penstock.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.penstock.api.netif.impairment.BurstLoss;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.core.api.EcnUse;
import org.penstock.core.api.SynCookies;
import org.penstock.netif.loopback.Offload;

/**
 * Draws scenarios. Each part has a source of chance of its own, so that one more draw in one part
 * leaves the others as they were.
 */
final class ScenarioDraw {

  /** Longer than any window, so that the model alone loses frames. */
  static final int LONG_QUEUE = 16_384;

  /** Memory that is never short. */
  static final long PLENTY = 256L << 20;

  /** Memory that a landing for each frame of a batch takes a good part of. */
  private static final long LITTLE = 24L << 20;

  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final Family family;
  private final Strategies strategies;
  private boolean clean;
  private final Chance hosts;
  private final Chance links;
  private final Chance disturbances;
  private final Chance flows;
  private final Chance threads;

  private ScenarioDraw(Family family, long seed, Strategies strategies) {
    SplittableRandom root = new SplittableRandom(seed ^ 0x5ce7_a210_5ce7_a210L);
    this.family = family;
    this.strategies = strategies;
    this.hosts = new Chance(root.split());
    this.links = new Chance(root.split());
    this.disturbances = new Chance(root.split());
    this.flows = new Chance(root.split());
    this.threads = new Chance(root.split());
  }

  /** The scenario of a seed, with all strategies there are where it has any. */
  static Scenario of(Family family, long seed) {
    return of(family, seed, Strategies.found());
  }

  /** The scenario of a seed where there are these strategies. */
  static Scenario of(Family family, long seed, Strategies strategies) {
    ScenarioDraw draw = new ScenarioDraw(family, seed, strategies);
    return family == Family.LOSSY ? draw.lossy() : draw.mixed();
  }

  // ---- two hosts on a bad cable ----

  private Scenario lossy() {
    ImpairmentConfig bad =
        ImpairmentConfig.builder()
            .delay(Duration.ofMillis(5))
            .jitter(Duration.ofMillis(1))
            .loss(0.02)
            .reorder(0.02, Duration.ofMillis(4))
            .duplicate(0.02, Duration.ofMillis(4))
            .corrupt(0.01)
            .build();
    Offload offload = hosts.of(Offload.values());
    return new Scenario(
        Family.LOSSY,
        Scenario.Topology.CABLE,
        true,
        List.of(plain("a", offload), plain("b", offload)),
        List.of(new LinkPlan(bad, bad)),
        List.of(),
        List.of(FlowDraw.bothWays(0, 1, FlowDraw.FIRST_PORT, 2L << 20)),
        List.of(),
        List.of(),
        1);
  }

  private HostPlan plain(String name, Offload offload) {
    return new HostPlan(
        name,
        4,
        buffer(),
        buffer(),
        60 * SECOND,
        200 * MILLI,
        40 * MILLI,
        hosts.oneIn(2),
        hosts.oneIn(2),
        hosts.of(EcnUse.values()),
        cookies(),
        hosts.of(HostPlan.Congestion.values()),
        PLENTY,
        1500,
        offload,
        LONG_QUEUE,
        List.of(),
        CallerStrategy.STRATEGY);
  }

  /** From a window that a few segments fill to one that never does. */
  private int buffer() {
    return 16 * 1024 << 2 * hosts.below(5);
  }

  // ---- everything ----

  private Scenario mixed() {
    clean = family == Family.CLEAN || family.isThreaded() && threads.oneIn(4);
    Scenario.Topology topology =
        hosts.oneIn(2)
            ? Scenario.Topology.CABLE
            : hosts.oneIn(2) ? Scenario.Topology.SWITCH : Scenario.Topology.ROUTER;
    int count = topology == Scenario.Topology.CABLE ? 2 : 2 + hosts.below(mostHosts() - 1);
    int mtu = mtu();
    Offload offload = hosts.of(Offload.values());
    boolean shortQueues = family != Family.CLEAN && hosts.oneIn(8);
    List<HostPlan> plans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Stations of one network agree about its MTU.
      boolean own = family != Family.CLEAN && topology == Scenario.Topology.ROUTER;
      boolean spares = family == Family.SWAPS && topology != Scenario.Topology.CABLE;
      plans.add(host(i, own ? mtu() : mtu, offload, shortQueues, spares));
      offload = topology == Scenario.Topology.CABLE ? offload : hosts.of(Offload.values());
    }
    List<LinkPlan> ways = new ArrayList<>();
    double worst = topology == Scenario.Topology.CABLE ? 0.3 : 0.15;
    boolean calm = links.oneIn(6);
    for (int i = 0; i < (topology == Scenario.Topology.CABLE ? 1 : count); i++) {
      ways.add(link(calm ? 0 : worst, plans.get(i).mtu()));
    }
    List<Disturbance> events = clean ? List.of() : disturb(topology, count);
    Scenario network =
        new Scenario(
            family,
            topology,
            disturbances.chance(0.8),
            plans,
            ways,
            events,
            List.of(),
            family == Family.SWAPS
                ? new ChangeDraw(threads, strategies.names()).draw(plans)
                : List.of(),
            family.isThreaded() ? strategies.names() : List.of(),
            family.isThreaded() ? 1 << threads.below(3) : 1);
    return network.with(new FlowDraw(flows, network).draw());
  }

  /** Threads that take turns are slow: fewer of them play. */
  private int mostHosts() {
    return family.isThreaded() ? 3 : 5;
  }

  private HostPlan host(
      int index, int mtu, Offload offload, boolean shortQueue, boolean hasSpares) {
    long minimumRto = hosts.oneIn(4) ? SECOND : 200 * MILLI;
    return new HostPlan(
        Character.toString('a' + index),
        1 << hosts.below(4),
        4096 << hosts.below(9),
        4096 << hosts.below(9),
        30 * SECOND << hosts.below(3),
        minimumRto,
        hosts.oneIn(4) ? 0 : hosts.between(1, 190) * MILLI,
        !hosts.oneIn(3),
        !hosts.oneIn(3),
        hosts.of(EcnUse.values()),
        cookies(),
        hosts.of(HostPlan.Congestion.values()),
        family != Family.CLEAN && hosts.oneIn(10) && !hasSpares ? LITTLE << hosts.below(3) : PLENTY,
        mtu,
        offload,
        shortQueue && !hasSpares ? 4 + hosts.below(60) : LONG_QUEUE,
        hasSpares ? List.of(spare(mtu), spare(mtu)) : List.of(),
        family.isThreaded() ? threads.of(strategies.names()) : CallerStrategy.STRATEGY);
  }

  /**
   * Where packets are lost or come twice, cookies for every SYN break what must hold: a listener
   * that has forgotten its SYN,ACK is not known to a client whose ACK was lost, and takes a late
   * copy of a segment for a new connection (RFC 4987 §3.6).
   */
  private SynCookies cookies() {
    SynCookies cookies = hosts.of(SynCookies.values());
    return cookies == SynCookies.ALWAYS && family != Family.CLEAN ? SynCookies.WHEN_FULL : cookies;
  }

  /** A driver that does more or less by itself, and passes packets as long, shorter or longer. */
  private SparePlan spare(int mtu) {
    int bytes =
        switch (threads.below(4)) {
          case 0 -> Math.max(296, mtu / 2 + threads.below(mtu / 2));
          case 1 -> Network.LONGEST_MTU;
          default -> mtu;
        };
    return new SparePlan(threads.of(Offload.values()), bytes);
  }

  private int mtu() {
    return switch (hosts.below(10)) {
      case 0 -> 576;
      case 1 -> 9000;
      case 2 -> 296 + hosts.below(1600);
      case 3 -> 1280;
      default -> 1500;
    };
  }

  private LinkPlan link(double worst, int mtu) {
    long delay = (long) links.logarithmic(50_000, 100 * MILLI);
    boolean slow = !clean && links.chance(0.5);
    long rate = slow ? (long) links.logarithmic(500_000, 1e9) : 0;
    return new LinkPlan(way(worst, mtu, delay, rate), way(worst, mtu, delay, rate));
  }

  private ImpairmentConfig way(double worst, int mtu, long delay, long rate) {
    ImpairmentConfig.Builder way = ImpairmentConfig.builder().delay(Duration.ofNanos(delay));
    if (clean) {
      return way.build();
    }
    double loss = loss(worst);
    if (links.oneIn(4)) {
      way.burstLoss(BurstLoss.bursts(Math.min(0.1, loss), 1 + 6 * links.unit()));
    } else {
      way.loss(loss);
    }
    if (worst > 0 && links.oneIn(3)) {
      way.reorder(0.1 * links.unit(), Duration.ofNanos((long) (2 * delay * links.unit())));
    }
    if (worst > 0 && links.oneIn(4)) {
      way.duplicate(0.05 * links.unit(), Duration.ofNanos((long) (2 * delay * links.unit())));
    }
    if (worst > 0 && links.oneIn(4)) {
      way.corrupt(0.02 * links.unit());
    }
    if (links.oneIn(3)) {
      way.jitter(Duration.ofNanos((long) (delay * links.unit())));
    }
    if (rate > 0) {
      long queue = (long) links.logarithmic(5, 200) * (mtu + 14);
      way.rate(rate, queue).mark(links.oneIn(2) ? queue / 3 : 0);
    }
    return way.build();
  }

  /** A quarter lose nothing, most a little, some a lot. */
  private double loss(double worst) {
    double kind = links.unit();
    double part = links.unit();
    if (kind < 0.25) {
      return 0;
    }
    return kind < 0.75 ? part * worst / 10 : kind < 0.9 ? part * worst / 2 : part * worst;
  }

  private List<Disturbance> disturb(Scenario.Topology topology, int count) {
    List<Disturbance> events = new ArrayList<>();
    int most = disturbances.oneIn(3) ? 1 + disturbances.below(3) : 0;
    for (int i = 0; i < most; i++) {
      int host = disturbances.below(count);
      long at = (long) disturbances.logarithmic(MILLI, 10 * SECOND);
      long length = (long) disturbances.logarithmic(MILLI, 5 * SECOND);
      boolean mtu = topology == Scenario.Topology.ROUTER && disturbances.oneIn(2);
      if (mtu) {
        // A path that changes stays changed: else who comes back to the longer MTU is not proven.
        int bytes = 296 + disturbances.below(1205);
        events.add(new Disturbance(at, 3600 * SECOND, host, Disturbance.Kind.MTU, bytes));
      } else {
        Disturbance.Kind kind =
            disturbances.oneIn(2) ? Disturbance.Kind.UNPLUGGED : Disturbance.Kind.SILENT;
        events.add(new Disturbance(at, length, host, kind, 0));
      }
    }
    return events;
  }
}
