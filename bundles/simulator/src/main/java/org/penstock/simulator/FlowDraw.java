package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import org.penstock.core.api.TcpSettings;
import org.penstock.simulator.PartyPlan.Burst;
import org.penstock.simulator.PartyPlan.Ending;

/** Draws what the applications of a scenario do. */
final class FlowDraw {

  /** Where the first server is. */
  static final int FIRST_PORT = 7777;

  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  /** KiB that a connection carries; fewer where threads take turns. */
  private static final long MOST = 1024;

  private static final long MOST_OF_THREADS = 512;

  /** Flows at once, now and then. */
  private static final int CROWD = 40;

  private static final int MOST_PIECE = 64 * 1024;

  /** Short enough that who waits for a peer that is gone finds out within the run. */
  private static final long KEEP_ALIVE = 20 * SECOND;

  private final Chance chance;
  private final Scenario network;

  FlowDraw(Chance chance, Scenario network) {
    this.chance = chance;
    this.network = network;
  }

  /** Content both ways at the same time, then an orderly close of both directions. */
  static FlowPlan bothWays(int client, int server, int port, long bytes) {
    PartyPlan plan =
        new PartyPlan(
            List.of(new Burst(0, 0, bytes)),
            MOST_PIECE,
            MOST_PIECE,
            0,
            Ending.RELEASE,
            TcpSettings.DEFAULT,
            false);
    return new FlowPlan("both-ways", client, server, port, 0, 1, false, plan, plan);
  }

  List<FlowPlan> draw() {
    int count = network.isThreaded() && chance.oneIn(8) ? CROWD : 1 + chance.below(4);
    List<FlowPlan> plans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int client = chance.below(network.hosts().size());
      int server = (client + 1 + chance.below(network.hosts().size() - 1)) % network.hosts().size();
      long start = chance.oneIn(2) ? 0 : (long) chance.logarithmic(MILLI, 2 * SECOND);
      plans.add(flow(client, server, FIRST_PORT + i, start, count));
    }
    return plans;
  }

  private FlowPlan flow(int client, int server, int port, long start, int flows) {
    // What the path loses decides how much may be asked of it.
    FlowPlan probe = bothWays(client, server, port, 0);
    boolean harsh = network.isHarsh(probe);
    long most = (harsh ? 128L : network.isThreaded() ? MOST_OF_THREADS : MOST) * 1024 / flows;
    int connections = 1;
    boolean simultaneous = false;
    String pattern;
    PartyPlan ours;
    PartyPlan theirs;
    switch (chance.below(12)) {
      case 0, 1 -> {
        pattern = "both-ways";
        ours = bulk(size(most), Ending.RELEASE);
        theirs = bulk(size(most), Ending.RELEASE);
      }
      case 2 -> {
        pattern = "upload";
        ours = bulk(size(2 * most), Ending.RELEASE);
        theirs = bulk(0, Ending.RELEASE_LAST);
      }
      case 3 -> {
        pattern = "download";
        ours = bulk(0, Ending.RELEASE_LAST);
        theirs = bulk(size(2 * most), Ending.RELEASE);
      }
      case 4 -> {
        pattern = "request-response";
        int rounds = 1 + chance.below(harsh ? 8 : 40);
        long request = size(2000);
        long response = size(most / rounds + 1);
        ours = asking(rounds, request, response);
        theirs = answering(rounds, request, response);
      }
      case 5 -> {
        pattern = "slow-reader";
        ours = slowly(size(4096), Math.max(1024, most / 4));
        theirs = bulk(size(most / 4), Ending.RELEASE);
      }
      case 6 -> {
        pattern = "short-connections";
        connections = 2 + chance.below(harsh ? 4 : 15);
        ours = bulk(size(2000), Ending.RELEASE);
        theirs = bulk(size(2000), chance.oneIn(2) ? Ending.RELEASE : Ending.RELEASE_LAST);
      }
      case 7 -> {
        pattern = "half-close";
        ours = bulk(size(most), Ending.RELEASE);
        theirs = plan(List.of(new Burst(Burst.PEERS_END, pause(), size(most))), Ending.RELEASE, 0);
      }
      case 8 -> {
        pattern = "abort";
        connections = 1 + chance.below(3);
        boolean first = chance.oneIn(2);
        ours = bulk(size(most / 2), first ? Ending.ABORT : Ending.RELEASE_LAST);
        theirs = bulk(size(most / 2), first ? Ending.RELEASE_LAST : Ending.ABORT);
      }
      case 9 -> {
        pattern = "idle";
        long idle = 30 * SECOND << chance.below(4);
        ours = plan(List.of(new Burst(0, 0, 100), new Burst(0, idle, 100)), Ending.RELEASE, 0);
        theirs = plan(List.of(new Burst(200, 0, size(3000))), Ending.RELEASE, 0);
        ours = keptAlive(ours);
        theirs = chance.oneIn(2) ? keptAlive(theirs) : theirs;
      }
      case 10 -> {
        pattern = "simultaneous-open";
        simultaneous = true;
        ours = bulk(size(most / 4), Ending.RELEASE);
        theirs = bulk(size(most / 4), Ending.RELEASE);
      }
      default -> {
        pattern = "release-and-close";
        connections = 1 + chance.below(3);
        ours = bulk(size(most / 2), Ending.RELEASE_AND_CLOSE);
        theirs = bulk(0, Ending.RELEASE_LAST);
      }
    }
    if (harsh || pattern.equals("abort")) {
      ours = keptAlive(ours);
      theirs = keptAlive(theirs);
    }
    return new FlowPlan(
        pattern, client, server, port, start, connections, simultaneous, ours, theirs);
  }

  private PartyPlan bulk(long bytes, Ending ending) {
    return plan(bytes == 0 ? List.of() : List.of(new Burst(0, 0, bytes)), ending, 0);
  }

  private PartyPlan asking(int rounds, long request, long response) {
    List<Burst> bursts = new ArrayList<>();
    boolean thinks = chance.oneIn(2);
    for (int round = 0; round < rounds; round++) {
      bursts.add(new Burst(round * response, thinks ? pause() : 0, request));
    }
    return plan(bursts, Ending.RELEASE, 0);
  }

  private PartyPlan answering(int rounds, long request, long response) {
    List<Burst> bursts = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      bursts.add(new Burst(round * request, 0, response));
    }
    return plan(bursts, Ending.RELEASE_LAST, 0);
  }

  /** Reads so slowly that the window closes now and then. */
  private PartyPlan slowly(long bytes, long toRead) {
    PartyPlan plan = plan(List.of(new Burst(0, 0, bytes)), Ending.RELEASE_LAST, pause());
    int piece = (int) Math.max(plan.mostRead(), toRead / 200);
    return new PartyPlan(
        plan.bursts(),
        plan.mostPiece(),
        piece,
        plan.readPauseNanos(),
        plan.ending(),
        plan.settings(),
        plan.blocks());
  }

  private PartyPlan plan(List<Burst> bursts, Ending ending, long readPause) {
    TcpSettings settings = TcpSettings.DEFAULT.withNoDelay(chance.oneIn(3));
    if (chance.oneIn(4)) {
      settings = settings.withBuffers(4096 << chance.below(8), 4096 << chance.below(8));
    }
    int piece = chance.oneIn(4) ? 1 + chance.below(3000) : MOST_PIECE;
    int read = readPause > 0 ? 1 + chance.below(8192) : MOST_PIECE;
    // Who closes at once has no thread that waits for the acknowledgement of its release.
    boolean blocks = network.isThreaded() && ending != Ending.RELEASE_AND_CLOSE && chance.oneIn(2);
    return new PartyPlan(bursts, piece, read, readPause, ending, settings, blocks);
  }

  private static PartyPlan keptAlive(PartyPlan plan) {
    TcpSettings settings = plan.settings().withKeepAlive(KEEP_ALIVE);
    return new PartyPlan(
        plan.bursts(),
        plan.mostPiece(),
        plan.mostRead(),
        plan.readPauseNanos(),
        plan.ending(),
        settings,
        plan.blocks());
  }

  private long size(long most) {
    // Where something is to be replaced meanwhile, there must be a meanwhile.
    double least = network.changes().isEmpty() ? 1 : Math.max(1, most / 32.0);
    return Math.max(1, (long) chance.logarithmic(least, Math.max(2, most)));
  }

  private long pause() {
    return (long) chance.logarithmic(MILLI / 10, SECOND);
  }
}
