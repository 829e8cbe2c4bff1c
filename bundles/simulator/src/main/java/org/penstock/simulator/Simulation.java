package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.runtime.Parker;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.Counter;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.congestion.cubic.Cubic;
import org.penstock.core.api.CongestionControls;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.runtime.VirtualRuntime;

/**
 * Hosts on a bad network in virtual time. Everything follows from the family and the seed: the same
 * two give the same bytes on the wire at the same times. After every round that did something the
 * invariants of all stacks are checked.
 *
 * <p>One thread makes, {@linkplain #run runs} and closes it.
 */
public final class Simulation implements AutoCloseable {

  /** When simulations begin; not 0, which some take for a time that never was. */
  static final long START_NANOS = 1_000_000_000L;

  static final CongestionControl CUBIC = new Cubic();

  private static final long SECOND = 1_000_000_000L;

  /** Far beyond what the worst seed needs. */
  private static final long MOST_NANOS = 12 * 3600 * SECOND;

  /** When the last orphan has given up, whatever its peer does. */
  private static final long LAST_ORPHAN = 1200 * SECOND;

  private static final int MOST_IDLE_ROUNDS = 1000;

  /** Frames between two looks at the invariants of stacks with threads. */
  private static final int FRAMES_BETWEEN_LOOKS = 8;

  private final Scenario scenario;
  private final long seed;
  private final VirtualRuntime runtime;
  private final Strategies strategies;
  private final CallerStrategy caller;
  private final Parker parker;
  private final Crew crew;
  private final WireTrace trace;
  private final Agenda agenda;
  private final Network network;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private final List<Operator> operators = new ArrayList<>();
  private final long began;
  private long events;
  private int idleRounds;
  private @Nullable Parker inspector;
  private boolean inspected;
  private boolean broken;

  /** A simulation of a seed of the family that has everything, without lines. */
  public Simulation(long seed) {
    this(ScenarioDraw.of(Family.MIXED, seed), Strategies.found(), seed, null);
  }

  /**
   * A simulation at its beginning.
   *
   * @param strategies that have threads, for scenarios with such
   * @param lines takes one line for each frame on a cable, as it is sent; null for none
   */
  Simulation(
      Scenario scenario, Strategies strategies, long seed, @Nullable Consumer<String> lines) {
    this.scenario = scenario;
    this.strategies = strategies;
    this.seed = seed;
    SplittableRandom seeds = new SplittableRandom(seed);
    this.runtime = new VirtualRuntime(seeds.nextLong(), scenario.processors());
    runtime.advanceTo(START_NANOS);
    this.parker = runtime.parker();
    this.crew = new Crew(runtime, parker::unpark);
    this.agenda = new Agenda(parker::unpark);
    this.caller = new CallerStrategy(this::moveClock);
    this.trace = new WireTrace(lines);
    this.network = new Network(scenario, runtime, seeds, trace);
    for (int i = 0; i < scenario.hosts().size(); i++) {
      HostPlan host = scenario.hosts().get(i);
      nodes.add(new Node(builder(host), strategy(host), network.netif(i), network.slot(i)));
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
              clock(),
              seeds.nextLong()));
    }
    for (Disturbance what : scenario.disturbances()) {
      agenda.at(began + what.atNanos(), () -> network.begin(what));
      agenda.at(began + what.atNanos() + what.forNanos(), () -> network.end(what));
    }
    if (scenario.isThreaded()) {
      startThreads();
    }
  }

  private ConcurrencyStrategy strategy(HostPlan host) {
    return host.strategy().equals(CallerStrategy.STRATEGY)
        ? caller
        : strategies.named(host.strategy());
  }

  private Party.Clock clock() {
    return new Party.Clock() {
      @Override
      public void after(long nanos, Runnable what) {
        agenda.at(runtime.nanoTime() + nanos, what);
      }

      @Override
      public void news() {
        parker.unpark();
      }

      @Override
      public Crew crew() {
        return crew;
      }
    };
  }

  private void startThreads() {
    network.start(crew);
    crew.start("inspector", this::inspectAgainAndAgain);
    for (int host = 0; host < nodes.size(); host++) {
      // Who replaces drivers does not wait for who replaces strategies.
      startOperator(host, false);
      startOperator(host, true);
    }
  }

  private void startOperator(int host, boolean ofDrivers) {
    Node node = nodes.get(host);
    List<Change> changes =
        scenario.changes().stream()
            .filter(change -> change.host() == host && change.kind().isOfDriver() == ofDrivers)
            .toList();
    Operator operator =
        new Operator(node, index -> network.driver(host, index), changes, strategies, trace);
    operators.add(operator);
    crew.start("operator " + node.stack().name() + (ofDrivers ? "/net0" : ""), operator::run);
  }

  private StackBuilder builder(HostPlan plan) {
    StackBuilder builder =
        switch (plan.congestion()) {
          case NEW_RENO -> new StackBuilder(plan.name()).congestion(CongestionControls.BUILT_IN);
          case CUBIC -> new StackBuilder(plan.name()).congestion(CUBIC.name());
        };
    return builder
        .congestionControls(List.of(CUBIC))
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
      broken = true;
      throw failure;
    } catch (TransportException | RuntimeException | AssertionError e) {
      broken = true;
      throw failure(e.toString().lines().findFirst().orElse(""), e);
    }
  }

  private SimulationReport play() throws TransportException {
    while (!flows.stream().allMatch(Flow::isOver)) {
      if (!advance(began + MOST_NANOS)) {
        throw failure("hangs; " + progress(), new IllegalStateException(runtime.positions()));
      }
      for (Flow flow : flows) {
        String wrong = flow.look();
        require(wrong == null, String.valueOf(wrong));
      }
    }
    final long transfer = runtime.nanoTime() - began;
    operators.forEach(Operator::stop);

    // A FIN that is sent again starts TIME-WAIT again (RFC 9293 §3.10.7.4).
    long timeWait =
        scenario.hosts().stream().mapToLong(HostPlan::timeWaitNanos).max().orElse(0) + 10 * SECOND;
    runTo(runtime.nanoTime() + timeWait);
    if (!nodes.stream().allMatch(node -> node.pcbs().isEmpty())) {
      runTo(runtime.nanoTime() + LAST_ORPHAN + timeWait);
    }
    checkNothingIsLeft();
    checkCleanLink();
    SimulationReport report = report(transfer);
    endThreads();
    return report;
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

  /**
   * Does what is to be done next, or lets time pass until something is; false if that is at the
   * limit.
   */
  private boolean advance(long limit) {
    Throwable death = crew.failure();
    if (death != null) {
      throw death instanceof SimulationFailure failure ? failure : failure(death.toString(), death);
    }
    if (agenda.runFirst(runtime.nanoTime()) || network.work() > 0 || step()) {
      idleRounds = 0;
      return true;
    }
    long now = runtime.nanoTime();
    long next = Math.min(caller.nextDeadline(), Math.min(agenda.nextDue(), network.nextDue()));
    if (next <= now) {
      require(++idleRounds < MOST_IDLE_ROUNDS, "a deadline that has passed stays: " + next);
      return true;
    }
    parker.park(Math.min(next, limit));
    return runtime.nanoTime() < limit;
  }

  /** One round of stacks without threads; false if there was nothing to do. */
  private boolean step() {
    if (caller.step() == 0) {
      return false;
    }
    inspect();
    return true;
  }

  private void inspectAgainAndAgain() {
    Parker own = runtime.parker();
    inspector = own;
    while (!inspected) {
      trace.after(trace.frames() + FRAMES_BETWEEN_LOOKS, own::unpark);
      own.park(StackRuntime.NEVER);
      inspect();
    }
  }

  /** Looks whether all holds that must hold at any time. */
  private void inspect() {
    events++;
    String wrong = network.wrong();
    require(wrong == null, String.valueOf(wrong));
    for (Node node : nodes) {
      List<String> violations = node.stack().view().checkInvariants();
      require(violations.isEmpty(), "stack " + node.stack().name() + ": " + violations);
    }
  }

  /** Ends the stacks, and requires that no thread is left of them. */
  private void endThreads() {
    if (!scenario.isThreaded()) {
      return;
    }
    inspected = true;
    Parker looking = inspector;
    if (looking != null) {
      looking.unpark();
    }
    network.stop();
    crew.join();
    nodes.forEach(Node::close);
    List<String> left = runtime.threads();
    require(left.isEmpty(), "threads are left: " + left);
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
    return new SimulationFailure(scenario, seed, runtime.nanoTime(), what, cause);
  }

  @Override
  public void close() {
    // Of a run that failed the threads may wait for each other: the runtime's end is theirs.
    if (!broken) {
      nodes.forEach(Node::close);
      network.close();
    }
    runtime.close();
  }
}
