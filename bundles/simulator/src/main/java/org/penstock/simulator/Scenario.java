package org.penstock.simulator;

import java.util.List;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.concurrency.caller.CallerStrategy;

/**
 * What a simulation plays, all of it drawn from a family and a seed.
 *
 * @param family where it comes from
 * @param topology how the hosts are connected
 * @param tellsMtu false if the router does not say how long packets may be
 * @param hosts two or more
 * @param links of each host; on a cable, the first host's alone
 * @param disturbances what happens meanwhile
 * @param flows what the applications do
 * @param changes what is replaced meanwhile
 * @param strategies the names of the concurrency strategies that the seed drew from
 * @param processors of each host's machine, as the stacks see it
 */
record Scenario(
    Family family,
    Topology topology,
    boolean tellsMtu,
    List<HostPlan> hosts,
    List<LinkPlan> links,
    List<Disturbance> disturbances,
    List<FlowPlan> flows,
    List<Change> changes,
    List<String> strategies,
    int processors) {

  /** How hosts are connected. */
  enum Topology {
    /** Two hosts, directly. */
    CABLE,
    /** In one network. */
    SWITCH,
    /** Each in a network of its own. */
    ROUTER
  }

  /**
   * From what share of lost round trips on a connection may time out. Below, the retry limits are
   * beyond every chance: the shortest, of a SYN,ACK, is six attempts.
   */
  private static final double HARSH = 0.12;

  /** Bursts that may swallow all attempts of a handshake, for they last as long as nobody sends. */
  private static final double LONG_BURST = 2;

  /** Copies the lists. */
  Scenario {
    hosts = List.copyOf(hosts);
    links = List.copyOf(links);
    disturbances = List.copyOf(disturbances);
    flows = List.copyOf(flows);
    changes = List.copyOf(changes);
    strategies = List.copyOf(strategies);
  }

  /** The same with flows. */
  Scenario with(List<FlowPlan> drawn) {
    return new Scenario(
        family,
        topology,
        tellsMtu,
        hosts,
        links,
        disturbances,
        drawn,
        changes,
        strategies,
        processors);
  }

  /** True if the stacks have threads; else whoever simulates drives them step by step. */
  boolean isThreaded() {
    return hosts.stream().noneMatch(host -> host.strategy().equals(CallerStrategy.STRATEGY));
  }

  /** True if a connection of the flow may time out. */
  boolean isHarsh(FlowPlan flow) {
    double arrives = 1;
    for (int host : topology == Topology.CABLE ? new int[] {0} : hosts(flow)) {
      LinkPlan link = links.get(host);
      for (ImpairmentConfig way : List.of(link.up(), link.down())) {
        arrives *= 1 - way.failure();
        if (way.burstLoss().toBad() > 0 && way.burstLoss().toGood() < 1 / LONG_BURST) {
          return true;
        }
      }
    }
    return 1 - arrives > HARSH;
  }

  private static int[] hosts(FlowPlan flow) {
    return new int[] {flow.client(), flow.server()};
  }

  /** True if every packet arrives once, unchanged and in order. */
  boolean isClean() {
    return disturbances.isEmpty()
        && changes.stream().allMatch(Change::isSmooth)
        && hosts.stream().allMatch(host -> host.queueFrames() >= ScenarioDraw.LONG_QUEUE)
        && hosts.stream().allMatch(host -> host.memoryLimit() >= ScenarioDraw.PLENTY)
        && hasOneMtu()
        && links.stream().allMatch(link -> isClean(link.up()) && isClean(link.down()));
  }

  private boolean hasOneMtu() {
    return hosts.stream().mapToInt(HostPlan::mtu).distinct().count() == 1;
  }

  private static boolean isClean(ImpairmentConfig way) {
    return way.failure() == 0
        && way.reorder() == 0
        && way.duplicate() == 0
        && way.jitterNanos() == 0
        && way.bitsPerSecond() == 0;
  }
}
