package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.Counter;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.congestion.cubic.Cubic;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.tdi.TransportException;

/**
 * Hosts on a bad network in virtual time. Everything follows from the family and the seed: the same
 * two give the same bytes on the wire at the same times. After every round that did something the
 * invariants of all stacks are checked.
 *
 * <p>One thread makes, {@linkplain #run runs} and closes it.
 */
public final class Simulation implements AutoCloseable {

  private static final long SECOND = 1_000_000_000L;

  /** Far beyond what the worst seed needs. */
  private static final long MOST_NANOS = 12 * 3600 * SECOND;

  /** When the last orphan has given up, whatever its peer does. */
  private static final long LAST_ORPHAN = 1200 * SECOND;

  private static final int MOST_IDLE_ROUNDS = 1000;

  private final Scenario scenario;
  private final long seed;
  private final VirtualRuntime runtime;
  private final CallerStrategy strategy;
  private final WireTrace trace;
  private final Agenda agenda = new Agenda();
  private final Network network;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private final long began;
  private long events;
  private int idleRounds;

  /** A simulation of a seed of the family that has everything, without lines. */
  public Simulation(long seed) {
    this(ScenarioDraw.of(Family.MIXED, seed), seed, null);
  }

  /**
   * A simulation at its beginning.
   *
   * @param lines takes one line for each frame on a cable, as it is sent; null for none
   */
  Simulation(Scenario scenario, long seed, @Nullable Consumer<String> lines) {
    this.scenario = scenario;
    this.seed = seed;
    SplittableRandom seeds = new SplittableRandom(seed);
    this.runtime = new VirtualRuntime(seeds.nextLong());
    this.strategy = new CallerStrategy(this::moveClock);
    this.trace = new WireTrace(lines);
    this.network = new Network(scenario, runtime, seeds, trace);
    for (int i = 0; i < scenario.hosts().size(); i++) {
      StackBuilder builder = builder(scenario.hosts().get(i));
      nodes.add(new Node(builder, strategy, network.netif(i), network.slot(i)));
    }
    this.began = runtime.nanoTime();
    for (FlowPlan plan : scenario.flows()) {
      flows.add(
          new Flow(
              plan,
              scenario.isHarsh(plan),
              scenario.isClean(),
              nodes.get(plan.client()),
              nodes.get(plan.server()),
              network.address(plan.client()),
              network.address(plan.server()),
              (nanos, what) -> agenda.at(runtime.nanoTime() + nanos, what),
              seeds.nextLong()));
    }
    for (Disturbance what : scenario.disturbances()) {
      agenda.at(began + what.atNanos(), () -> network.begin(what));
      agenda.at(began + what.atNanos() + what.forNanos(), () -> network.end(what));
    }
  }

  private StackBuilder builder(HostPlan plan) {
    StackBuilder builder =
        switch (plan.congestion()) {
          case NEW_RENO -> new StackBuilder(plan.name());
          case CUBIC -> new StackBuilder(plan.name()).congestion(new Cubic());
        };
    return builder
        .runtime(runtime)
        .cells(plan.cells())
        .buffers(plan.sendBuffer(), plan.receiveBuffer())
        .timeWait(plan.timeWaitNanos())
        .minimumRto(plan.minimumRtoNanos())
        .delayedAck(plan.delayedAckNanos())
        .timestamps(plan.timestamps())
        .sack(plan.sack())
        .ecn(plan.ecn())
        .synCookies(plan.synCookies())
        .memoryLimit(plan.memoryLimit());
  }

  /**
   * Plays the scenario to its end.
   *
   * @throws SimulationFailure if something did not hold; it says what replays it
   */
  public SimulationReport run() {
    try {
      return play();
    } catch (SimulationFailure failure) {
      throw failure;
    } catch (TransportException | RuntimeException | AssertionError e) {
      throw failure(e.toString(), e);
    }
  }

  private SimulationReport play() throws TransportException {
    while (!flows.stream().allMatch(Flow::isOver)) {
      if (!advance(began + MOST_NANOS)) {
        throw failure("hangs; " + progress(), null);
      }
      for (Flow flow : flows) {
        String wrong = flow.look();
        require(wrong == null, String.valueOf(wrong));
      }
    }
    final long transfer = runtime.nanoTime() - began;

    // A FIN that is sent again starts TIME-WAIT again (RFC 9293 §3.10.7.4).
    long timeWait =
        scenario.hosts().stream().mapToLong(HostPlan::timeWaitNanos).max().orElse(0) + 10 * SECOND;
    runTo(runtime.nanoTime() + timeWait);
    if (!nodes.stream().allMatch(node -> node.pcbs().isEmpty())) {
      runTo(runtime.nanoTime() + LAST_ORPHAN + timeWait);
    }
    checkNothingIsLeft();
    checkCleanLink();
    return report(transfer);
  }

  private String progress() {
    return flows.stream().map(Flow::progress).toList() + "; " + describePcbs();
  }

  /** Makes a host's way out other than planned, for the tests of what finds that out. */
  void spoil(int host, ImpairmentConfig config) {
    network.spoil(host, config);
  }

  // ---- driving

  private boolean moveClock(long deadlineNanos) {
    if (deadlineNanos == StackRuntime.NEVER) {
      return false;
    }
    runtime.advanceTo(deadlineNanos);
    return true;
  }

  private void runTo(long end) {
    while (advance(end)) {
      // Until then.
    }
  }

  /** Does what is to be done next, or moves the clock; false if that is at the limit. */
  private boolean advance(long limit) {
    if (agenda.runFirst(runtime.nanoTime()) || network.work() > 0 || step()) {
      idleRounds = 0;
      return true;
    }
    long now = runtime.nanoTime();
    long next = Math.min(strategy.nextDeadline(), Math.min(agenda.nextDue(), network.nextDue()));
    if (next <= now) {
      require(++idleRounds < MOST_IDLE_ROUNDS, "a deadline that has passed stays: " + next);
      return true;
    }
    runtime.advanceTo(Math.min(next, limit));
    return next < limit;
  }

  /** One round of the stacks; false if there was nothing to do. */
  private boolean step() {
    if (strategy.step() == 0) {
      return false;
    }
    events++;
    String wrong = network.wrong();
    require(wrong == null, String.valueOf(wrong));
    for (Node node : nodes) {
      List<String> violations = node.stack().view().checkInvariants();
      require(violations.isEmpty(), "stack " + node.stack().name() + ": " + violations);
    }
    return true;
  }

  // ---- checks

  private void checkNothingIsLeft() {
    for (Node node : nodes) {
      String stack = "stack " + node.stack().name();
      for (Counter caught : List.of(Counter.SECTION_EXCEPTIONS, Counter.HANDLER_EXCEPTIONS)) {
        require(
            counter(node, caught) == 0, stack + " caught " + counter(node, caught) + " exceptions");
      }
      require(node.pcbs().isEmpty(), stack + " still has " + node.pcbs() + " after TIME-WAIT");
      node.detach();
      int landings = node.landingsOut();
      require(landings == 0, stack + " has " + landings + " landings out");
      long chunks = node.chunkBytesOut();
      require(chunks == 0, stack + " has " + chunks + " bytes of chunks out");
      for (FlowPlan flow : scenario.flows()) {
        int references = node.stack().ports().references(Tcp.PROTOCOL, flow.port());
        require(references == 0, stack + " has " + references + " references on " + flow.port());
      }
    }
  }

  /** Where nothing is lost, late or long, nothing is sent twice, and nobody is reset. */
  private void checkCleanLink() {
    if (!scenario.isClean()) {
      return;
    }
    boolean aborts = scenario.flows().stream().anyMatch(flow -> flow.pattern().equals("abort"));
    for (Node node : nodes) {
      String stack = "stack " + node.stack().name();
      // Each end of a simultaneous open sends its SYN a second time, with an ACK.
      int host = nodes.indexOf(node);
      long twice =
          scenario.flows().stream()
              .filter(
                  flow -> flow.simultaneous() && (flow.client() == host || flow.server() == host))
              .count();
      long again = counter(node, Counter.TCP_RETRANSMITTED);
      require(again <= twice, stack + " sent " + again + " segments again on a clean link");
      for (Counter counter : List.of(Counter.TCP_TIMEOUTS, Counter.TCP_IN_ERRORS)) {
        long count = counter(node, counter);
        require(count == 0, stack + " counts " + count + " " + counter + " on a clean link");
      }
      long resets = counter(node, Counter.TCP_OUT_RESETS);
      require(aborts || resets == 0, stack + " sent " + resets + " resets on a clean link");
    }
  }

  private static long counter(Node node, Counter counter) {
    return node.stack().view().counters().getOrDefault(counter, 0L);
  }

  private SimulationReport report(long transferNanos) {
    return new SimulationReport(
        seed,
        transferNanos,
        flows.stream().mapToInt(Flow::connections).sum(),
        flows.stream().mapToInt(Flow::failed).sum(),
        flows.stream().mapToLong(Flow::bytes).sum(),
        trace.frames(),
        trace.hash(),
        events,
        network.impairments(),
        nodes.stream().map(node -> node.stack().view().counters()).toList());
  }

  private String describePcbs() {
    List<String> lines = new ArrayList<>();
    nodes.forEach(node -> node.pcbs().forEach(pcb -> lines.add(node.stack().name() + " " + pcb)));
    return "PCBs " + lines;
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw failure(what, null);
    }
  }

  private SimulationFailure failure(String what, @Nullable Throwable cause) {
    return new SimulationFailure(scenario.family(), seed, runtime.nanoTime(), what, cause);
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    network.close();
  }
}
