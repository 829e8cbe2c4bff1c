package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.view.Counter;
import org.penstock.api.view.PcbView;
import org.penstock.concurrency.caller.CallerStrategy;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.Tcp;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.SeededContent;
import org.penstock.testkit.impairment.Impairment;

/**
 * Two stacks on a bad cable in virtual time. Everything follows from the scenario and the seed: the
 * same two give the same bytes on the wire at the same times. After every round that did something
 * the invariants of both stacks are checked.
 *
 * <p>One thread makes, {@linkplain #run runs} and closes it.
 */
public final class Simulation implements AutoCloseable {

  private static final int PORT = 7777;
  private static final long SECOND = 1_000_000_000L;

  /** Far beyond what the worst seed needs. */
  private static final long MOST_NANOS = 3600 * SECOND;

  private static final int MOST_IDLE_ROUNDS = 1000;

  private final Scenario scenario;
  private final long seed;
  private final SplittableRandom seeds;
  private final VirtualRuntime runtime;
  private final CallerStrategy strategy;
  private final WireTrace trace;
  private final List<ImpairedStage> stages = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final long timeWaitNanos = 60 * SECOND;
  private long events;
  private int idleRounds;

  /** A simulation without lines. */
  public Simulation(Scenario scenario, long seed) {
    this(scenario, seed, null);
  }

  /**
   * A simulation at its beginning.
   *
   * @param lines takes one line for each frame on the cable, as it is sent; null for none
   */
  public Simulation(Scenario scenario, long seed, @Nullable Consumer<String> lines) {
    this.scenario = scenario;
    this.seed = seed;
    this.seeds = new SplittableRandom(seed);
    this.runtime = new VirtualRuntime(seeds.nextLong());
    this.strategy = new CallerStrategy(this::moveClock);
    this.trace = new WireTrace(lines);

    Offload offload = Offload.values()[seeds.nextInt(Offload.values().length)];
    // Longer than any window, so that the model alone loses frames.
    CableOptions options = CableOptions.named("cable").withQueueLength(16_384).withOffload(offload);
    Cable cable = new Cable(runtime, options);
    for (int end = 0; end < 2; end++) {
      ImpairedStage stage = new ImpairedStage(scenario.network(), seeds.nextLong());
      stages.add(stage);
      cable.stage(end, trace.around(stage, end));
    }
    nodes.add(new Node(builder("a"), strategy, cable.end(0), "192.0.2.1/24"));
    nodes.add(new Node(builder("b"), strategy, cable.end(1), "192.0.2.2/24"));
  }

  private StackBuilder builder(String name) {
    // From a window that a few segments fill to one that never does.
    int send = 16 * 1024 << 2 * seeds.nextInt(5);
    int receive = 16 * 1024 << 2 * seeds.nextInt(5);
    return new StackBuilder(name)
        .runtime(runtime)
        .cells(4)
        .buffers(send, receive)
        .timeWait(timeWaitNanos);
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
    SeededContent forward = new SeededContent(seeds.nextLong(), scenario.bytes());
    SeededContent backward = new SeededContent(seeds.nextLong(), scenario.bytes());
    TransportAddress server = new TransportAddress(IpAddress.parse("192.0.2.2"), PORT);
    TransportAddress any = new TransportAddress(IpAddress.parse("192.0.2.1"), 0);
    Party a = new Party("a", nodes.get(0).client(), any, forward, backward, seeds.nextLong());
    Party b = new Party("b", nodes.get(1).client(), server, backward, forward, seeds.nextLong());
    List<Party> parties = List.of(a, b);

    long began = runtime.nanoTime();
    b.listen();
    a.connect(server);
    runUntil(
        began + MOST_NANOS,
        () -> {
          for (Party party : parties) {
            require(party.failure() == null, String.valueOf(party.failure()));
          }
          return a.isDone() && b.isDone();
        },
        () -> "the transfer hangs; " + a.progress() + "; " + b.progress());
    final long transfer = runtime.nanoTime() - began;
    parties.forEach(Party::close);
    checkAfterClose();

    // A FIN that is sent again starts TIME-WAIT again (RFC 9293 §3.10.7.4).
    long over = runtime.nanoTime() + timeWaitNanos + 10 * SECOND;
    runUntil(over, () -> runtime.nanoTime() >= over, () -> "");
    checkAfterTimeWait();
    SimulationReport report = report(transfer);
    checkNetwork(report);
    return report;
  }

  // ---- driving

  private boolean moveClock(long deadlineNanos) {
    if (deadlineNanos == StackRuntime.NEVER) {
      return false;
    }
    runtime.advanceTo(deadlineNanos);
    return true;
  }

  private void runUntil(
      long mostNanos, BooleanSupplier end, java.util.function.Supplier<String> hanging) {
    while (!end.getAsBoolean()) {
      if (step()) {
        continue;
      }
      long next = strategy.nextDeadline();
      if (next <= runtime.nanoTime()) {
        require(++idleRounds < MOST_IDLE_ROUNDS, "a deadline that has passed stays: " + next);
        continue;
      }
      idleRounds = 0;
      if (next > mostNanos) {
        runtime.advanceTo(mostNanos);
        require(end.getAsBoolean(), hanging.get() + "; " + describePcbs());
        return;
      }
      runtime.advanceTo(next);
    }
  }

  /** One round; false if there was nothing to do. */
  private boolean step() {
    if (strategy.step() == 0) {
      return false;
    }
    events++;
    for (Node node : nodes) {
      List<String> violations = node.stack().view().checkInvariants();
      require(violations.isEmpty(), "stack " + node.stack().name() + ": " + violations);
    }
    return true;
  }

  // ---- checks

  private void checkAfterClose() {
    for (Node node : nodes) {
      for (PcbView pcb : node.pcbs()) {
        require(
            pcb.list() == PcbView.List.TIME_WAIT,
            "stack " + node.stack().name() + " still has " + pcb + " after the close");
      }
    }
  }

  private void checkAfterTimeWait() {
    for (Node node : nodes) {
      String stack = "stack " + node.stack().name();
      require(node.pcbs().isEmpty(), stack + " still has " + node.pcbs() + " after TIME-WAIT");
      node.detach();
      int landings = node.landingsOut();
      require(landings == 0, stack + " has " + landings + " landings out");
      long chunks = node.chunkBytesOut();
      require(chunks == 0, stack + " has " + chunks + " bytes of chunks out");
      int references = node.stack().ports().references(Tcp.PROTOCOL, PORT);
      require(references == 0, stack + " has " + references + " references on port " + PORT);
    }
  }

  private void checkNetwork(SimulationReport report) {
    for (Impairment impairment : scenario.expected()) {
      for (int end = 0; end < 2; end++) {
        require(
            report.impairments().get(end).getOrDefault(impairment, 0L) > 0,
            impairment + " never happened toward end " + end);
      }
    }
    for (Node node : nodes) {
      String stack = "stack " + node.stack().name();
      long again = counter(node, Counter.TCP_RETRANSMITTED);
      require(scenario.isClean() == (again == 0), stack + " sent " + again + " segments again");
      // A late copy of the last acknowledgement finds CLOSED, which answers by a reset
      // (RFC 9293 §3.10.7.1); on a clean link there are no late copies.
      Counter kind = scenario.isClean() ? Counter.TCP_OUT_RESETS : Counter.TCP_ESTABLISHED_RESETS;
      require(counter(node, kind) == 0, stack + " counts " + counter(node, kind) + " " + kind);
    }
  }

  private static long counter(Node node, Counter counter) {
    return node.stack().view().counters().getOrDefault(counter, 0L);
  }

  private SimulationReport report(long transferNanos) {
    return new SimulationReport(
        seed,
        transferNanos,
        trace.frames(),
        trace.hash(),
        events,
        stages.stream().map(stage -> stage.model().counts()).toList(),
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
    nodes.forEach(Node::close);
  }
}
