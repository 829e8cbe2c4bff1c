package org.penstock.simulator;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.simulator.Party.Outcome;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;
import org.penstock.testkit.SeededContent;

/**
 * The connections of a plan, one after the other, and the judge of each: whether both ends agree on
 * how it ended, and whether the network excuses it.
 */
final class Flow {

  /** Beyond what a listener waits for the end of a handshake. */
  private static final long NEVER_OPENED = 300_000_000_000L;

  private static final long LOOK_NANOS = 10_000L;

  private final FlowPlan plan;
  private final boolean harsh;
  private final boolean clean;
  private final Node clientHost;
  private final Node serverHost;
  private final IpAddress clientAddress;
  private final TransportAddress serverAddress;
  private final Party.Clock clock;
  private final Chance chance;

  private @Nullable AddressFile serverFile;
  private @Nullable AddressFile clientFile;
  private @Nullable Party client;
  private @Nullable Party server;
  private int connection;
  private boolean over;
  private boolean waitingForServer;
  private long bytes;
  private int failed;

  Flow(
      FlowPlan plan,
      boolean harsh,
      boolean clean,
      Node clientHost,
      Node serverHost,
      IpAddress clientAddress,
      IpAddress serverAddress,
      Party.Clock clock,
      long seed) {
    this.plan = plan;
    this.harsh = harsh;
    this.clean = clean;
    this.clientHost = clientHost;
    this.serverHost = serverHost;
    this.clientAddress = clientAddress;
    this.serverAddress = new TransportAddress(serverAddress, plan.port());
    this.clock = clock;
    this.chance = new Chance(new java.util.SplittableRandom(seed));
    clock.after(plan.startNanos(), this::begin);
  }

  boolean isOver() {
    return over;
  }

  /** Bytes delivered. */
  long bytes() {
    return bytes;
  }

  /** Connections that the network ended. */
  int failed() {
    return failed;
  }

  /** Connections begun. */
  int connections() {
    return connection;
  }

  String progress() {
    Party ours = client;
    Party theirs = server;
    return ours == null || theirs == null
        ? plan.pattern() + " not begun"
        : plan.pattern() + " " + connection + ": " + ours.progress() + "; " + theirs.progress();
  }

  private void begin() {
    try {
      serverFile = serverHost.client().openAddress(Protocol.TCP, serverAddress);
      connectNext();
    } catch (TransportException e) {
      throw new IllegalStateException(e);
    }
  }

  private void connectNext() throws TransportException {
    connection++;
    waitingForServer = false;
    SeededContent forward = new SeededContent(chance.seed(), plan.clientPlan().bytes());
    SeededContent backward = new SeededContent(chance.seed(), plan.serverPlan().bytes());
    // Simultaneous opening needs a port that the other end knows.
    int port = plan.simultaneous() ? plan.port() + 10_000 : 0;
    TransportAddress local = new TransportAddress(clientAddress, port);
    AddressFile ours = clientHost.client().openAddress(Protocol.TCP, local);
    AddressFile theirs = java.util.Objects.requireNonNull(serverFile);
    clientFile = ours;
    Party one =
        new Party(
            name(clientHost, "client"),
            clientHost.client(),
            ours,
            plan.clientPlan(),
            clock,
            forward,
            backward,
            chance.seed());
    Party other =
        new Party(
            name(serverHost, "server"),
            serverHost.client(),
            theirs,
            plan.serverPlan(),
            clock,
            backward,
            forward,
            chance.seed());
    client = one;
    server = other;
    if (plan.simultaneous()) {
      other.connect(new TransportAddress(clientAddress, port));
    } else {
      other.listen();
    }
    connectWhenAwaited(one, other);
  }

  /** Who is to be found by a SYN must have begun: its stack may be about to, or parked. */
  private void connectWhenAwaited(Party one, Party other) {
    if (other.hasBegun()) {
      one.connect(serverAddress);
    } else {
      clock.after(LOOK_NANOS, () -> connectWhenAwaited(one, other));
    }
  }

  private String name(Node host, String role) {
    return host.stack().name() + " " + plan.pattern() + " " + role;
  }

  /**
   * Looks at how it stands, outside of every stack.
   *
   * @return what is wrong, or null
   */
  @Nullable String look() throws TransportException {
    Party ours = client;
    Party theirs = server;
    if (over || ours == null || theirs == null) {
      return null;
    }
    ours.settle();
    theirs.settle();
    String fault = ours.fault() != null ? ours.fault() : theirs.fault();
    if (fault != null) {
      return fault;
    }
    if (!ours.isOver()) {
      return null;
    }
    if (!theirs.isOver()) {
      boolean neverOpened = theirs.outcome() == Outcome.OPENING && ours.outcome() != Outcome.DONE;
      if (neverOpened && !waitingForServer) {
        waitingForServer = true;
        int which = connection;
        clock.after(NEVER_OPENED, () -> neverOpened(which));
      }
      return null;
    }
    return finish(ours, theirs);
  }

  private @Nullable String finish(Party ours, Party theirs) throws TransportException {
    String wrong = judge(ours, theirs);
    if (wrong != null) {
      return wrong + "; " + progress();
    }
    bytes += ours.received() + theirs.received();
    if (ours.outcome() == Outcome.FAILED && !theirs.aborts()
        || theirs.outcome() == Outcome.FAILED && !ours.aborts()) {
      failed++;
    }
    ours.close();
    theirs.close();
    java.util.Objects.requireNonNull(clientFile).close();
    if (connection < plan.connections()) {
      connectNext();
    } else {
      over = true;
      java.util.Objects.requireNonNull(serverFile).close();
    }
    return null;
  }

  /** The server has waited long enough for a client that is gone. */
  private void neverOpened(int which) {
    Party theirs = server;
    if (which == connection && theirs != null && theirs.outcome() == Outcome.OPENING) {
      theirs.giveUp();
    }
  }

  private @Nullable String judge(Party ours, Party theirs) {
    for (Party party : new Party[] {ours, theirs}) {
      Party peer = party == ours ? theirs : ours;
      switch (party.outcome()) {
        case DONE -> {
          if (peer.outcome() == Outcome.ABORTED) {
            return "one end is done, and the other has aborted";
          }
          // Its release was acknowledged, so the peer had all.
          if (peer.outcome() == Outcome.FAILED && !peer.hasAll()) {
            return "one end is done, and the other has not received all";
          }
        }
        case FAILED -> {
          // Three questions to a neighbour are soon lost, whatever TCP's limits.
          boolean unreachable =
              !clean
                  && (party.cause() == Status.HOST_UNREACHABLE
                      || peer.cause() == Status.HOST_UNREACHABLE);
          if (!harsh && !unreachable && peer.outcome() != Outcome.ABORTED) {
            return "a connection ended " + party.cause() + " on a network that is not harsh";
          }
          if (party.cause() == Status.CONNECTION_REFUSED
              && peer.outcome() != Outcome.ABORTED
              && !plan.simultaneous()) {
            return "a connection was refused that a listener waited for";
          }
        }
        default -> {
          // It ended as it was to.
        }
      }
    }
    return null;
  }
}
