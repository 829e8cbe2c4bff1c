package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpFailure;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.Transport;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/**
 * Random requests and network events, one after the other, against a small model of one endpoint:
 * the state, and how every request ends, are the model's after each step.
 */
class ModelWalkTest {

  private static final int SEEDS = 400;
  private static final int STEPS = 120;

  private final Set<EndpointState> visited = EnumSet.noneOf(EndpointState.class);
  private final Set<Status> seen = EnumSet.noneOf(Status.class);
  private final Set<String> stepsDone = new HashSet<>();

  @Test
  void endpointFollowsTheModel() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try (Walk walk = new Walk(seed)) {
        for (int step = 0; step < STEPS; step++) {
          walk.step();
        }
      }
    }
    assertThat(visited).containsExactlyInAnyOrder(EndpointState.values());
    assertThat(seen)
        .contains(
            Status.SUCCESS,
            Status.CANCELLED,
            Status.REQUEST_ABORTED,
            Status.CONNECTION_RESET,
            Status.CONNECTION_REFUSED,
            Status.INVALID_CONNECTION,
            Status.INVALID_DEVICE_STATE,
            Status.CONNECTION_ACTIVE);
    assertThat(stepsDone).hasSize(13);
  }

  /** A request, how the model says it has ended, and how it has. */
  private static final class Expected {
    private Status model = Status.PENDING;
    private Status real = Status.PENDING;
    private final Request request =
        Request.of((of, status, count) -> {
          if (real != Status.PENDING) {
            throw new AssertionError("completed twice");
          }
          real = status;
        });
  }

  /** One walk: the endpoint and its model, side by side. */
  private final class Walk implements AutoCloseable {
    private final Random random;
    private final String run;
    private final FakeStack stack = FakeStack.create();
    private final Transport transport = Transport.of(stack.stack());
    private final Client client = transport.client("walk");
    private final AddressFile file;
    private final ConnectionEndpoint endpoint;
    private FakeConnection connection;
    private String last = "";

    // The model.
    private EndpointState state = EndpointState.IDLE;
    private Expected opening;
    private Expected releasing;
    private final Deque<Expected> listens = new ArrayDeque<>();
    private final Deque<Expected> receives = new ArrayDeque<>();
    private int unread;
    private boolean peerReleased;
    private boolean endRead;
    private boolean releaseAsked;
    private boolean releaseAcknowledged;
    private int port = 1000;

    Walk(int seed) throws Exception {
      random = new Random(seed);
      run = "seed " + seed;
      file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
      endpoint = client.openEndpoint(null);
    }

    void step() {
      int what = random.nextInt(13);
      Expected expected = new Expected();
      switch (what) {
        case 0 -> associate(expected);
        case 1 -> connect(expected);
        case 2 -> listen(expected);
        case 3 -> abort(expected);
        case 4 -> release(expected);
        case 5 -> send(expected);
        case 6, 7 -> receive(expected);
        case 8 -> handshake();
        case 9 -> data();
        case 10 -> peerReleases();
        case 11 -> acknowledgeOrFail();
        default -> cancel();
      }
      stepsDone.add(String.valueOf(what));
      check(expected);
    }

    private void check(Expected expected) {
      String where = run + " after " + last;
      assertThat(endpoint.state()).as(where).isEqualTo(state);
      assertThat(expected.real).as(where).isEqualTo(expected.model);
      if (opening != null) {
        assertThat(opening.real).as(where).isEqualTo(Status.PENDING);
      }
      if (releasing != null) {
        assertThat(releasing.real).as(where).isEqualTo(Status.PENDING);
      }
      receives.forEach(each -> assertThat(each.real).as(where).isEqualTo(Status.PENDING));
      listens.forEach(each -> assertThat(each.real).as(where).isEqualTo(Status.PENDING));
      assertThat(endpoint.info().pendingReceives()).as(where).isEqualTo(receives.size());
      visited.add(state);
      seen.add(expected.real);
    }

    private boolean refused(RequestKind kind, Expected expected) {
      last = kind.title() + " in " + state.symbol();
      Rule rule = StateTable.rule(kind, state);
      if (rule.isRefused()) {
        expected.model = rule.status();
      }
      return rule.isRefused();
    }

    private void ends(Expected expected, Status status) {
      expected.model = status;
      assertThat(expected.real).as(run + " after " + last).isEqualTo(status);
      seen.add(status);
    }

    private void associate(Expected expected) {
      boolean refused = refused(RequestKind.ASSOCIATE, expected);
      endpoint.associate(expected.request, file);
      if (!refused) {
        state = EndpointState.BOUND;
        expected.model = Status.SUCCESS;
      }
    }

    private void connect(Expected expected) {
      boolean refused = refused(RequestKind.CONNECT, expected);
      endpoint.connect(expected.request, TransportAddress.of("192.0.2.9", port++), null);
      if (!refused) {
        connection = stack.fakeTcp().takeOpened();
        begin(EndpointState.CONNECTING);
        opening = expected;
      }
    }

    private void listen(Expected expected) {
      boolean refused = refused(RequestKind.LISTEN, expected);
      boolean offer = random.nextBoolean();
      endpoint.listen(expected.request, offer ? ListenOptions.OFFER : ListenOptions.ANY);
      if (!refused) {
        state = EndpointState.LISTENING;
        listens.add(expected);
        if (listens.size() == 1) {
          offered = offer;
        }
      }
    }

    private boolean offered;

    private void begin(EndpointState next) {
      state = next;
      unread = 0;
      peerReleased = false;
      endRead = false;
      releaseAsked = false;
      releaseAcknowledged = false;
    }

    private void end(Status status) {
      if (opening != null) {
        ends(opening, status);
        opening = null;
      }
      if (releasing != null) {
        ends(releasing, status);
        releasing = null;
      }
      receives.forEach(each -> ends(each, status));
      receives.clear();
      state = EndpointState.BOUND;
      connection = null;
    }

    private void abort(Expected expected) {
      boolean refused = refused(RequestKind.ABORT, expected);
      endpoint.disconnect(expected.request, Disconnect.ABORT, null);
      if (!refused) {
        listens.forEach(each -> ends(each, Status.CANCELLED));
        listens.clear();
        end(Status.REQUEST_ABORTED);
        expected.model = Status.SUCCESS;
      }
    }

    private void release(Expected expected) {
      boolean refused = refused(RequestKind.RELEASE, expected);
      if (releaseAsked && state == EndpointState.PEER_RELEASED) {
        return; // several releases at once are the tests' of the endpoint
      }
      endpoint.disconnect(expected.request, Disconnect.RELEASE, null);
      if (refused) {
        return;
      }
      if (state == EndpointState.OFFERED) {
        end(Status.REQUEST_ABORTED);
        expected.model = Status.SUCCESS;
        return;
      }
      if (state == EndpointState.CONNECTED) {
        state = EndpointState.RELEASED;
      }
      releaseAsked = true;
      releasing = expected;
    }

    private void send(Expected expected) {
      boolean refused = refused(RequestKind.SEND, expected);
      endpoint.send(expected.request, MemorySegment.ofArray(new byte[8]), 0, 8, 0);
      if (!refused) {
        expected.model = releaseAsked ? Status.INVALID_CONNECTION : Status.SUCCESS;
      }
    }

    private void receive(Expected expected) {
      boolean refused = refused(RequestKind.RECEIVE, expected);
      endpoint.receive(expected.request, MemorySegment.ofArray(new byte[4]), 0, 4, 0);
      if (refused) {
        return;
      }
      if (unread > 0) {
        unread -= Math.min(4, unread);
        expected.model = Status.SUCCESS;
      } else if (peerReleased) {
        expected.model = Status.SUCCESS;
        endRead = true;
        closeIfBoth();
      } else {
        receives.add(expected);
      }
    }

    private void closeIfBoth() {
      if (endRead && releaseAcknowledged) {
        end(Status.SUCCESS);
      }
    }

    private void handshake() {
      last = "handshake in " + state.symbol();
      if (state == EndpointState.CONNECTING) {
        connection.peerAccepts();
        ends(opening, Status.SUCCESS);
        opening = null;
        state = EndpointState.CONNECTED;
      } else if (state == EndpointState.LISTENING) {
        connection = stack.fakeTcp().arrive("192.0.2.1:80", "192.0.2.9:" + port++);
        ends(listens.remove(), Status.SUCCESS);
        listens.forEach(each -> ends(each, Status.INVALID_CONNECTION));
        listens.clear();
        begin(offered ? EndpointState.OFFERED : EndpointState.CONNECTED);
      } else if (state == EndpointState.OFFERED) {
        Expected accept = new Expected();
        endpoint.accept(accept.request);
        ends(accept, Status.SUCCESS);
        state = peerReleased ? EndpointState.PEER_RELEASED : EndpointState.CONNECTED;
      }
    }

    private boolean carriesData() {
      return connection != null && state != EndpointState.CONNECTING && !peerReleased;
    }

    private void data() {
      last = "data in " + state.symbol();
      if (!carriesData()) {
        return;
      }
      int bytes = 1 + random.nextInt(10);
      connection.peerSends(new byte[bytes]);
      unread += bytes;
      while (unread > 0 && !receives.isEmpty()) {
        unread -= Math.min(4, unread);
        ends(receives.remove(), Status.SUCCESS);
      }
    }

    private void peerReleases() {
      last = "FIN in " + state.symbol();
      if (!carriesData()) {
        return;
      }
      connection.peerReleases();
      peerReleased = true;
      if (state == EndpointState.CONNECTED) {
        state = EndpointState.PEER_RELEASED;
      }
      if (!receives.isEmpty()) {
        receives.forEach(each -> ends(each, Status.SUCCESS));
        receives.clear();
        endRead = true;
        closeIfBoth();
      }
    }

    private void acknowledgeOrFail() {
      if (releaseAsked && connection != null && !releaseAcknowledged && random.nextInt(4) > 0) {
        last = "FIN acknowledged in " + state.symbol();
        connection.peerAcknowledgesRelease();
        releaseAcknowledged = true;
        if (releasing != null) {
          ends(releasing, Status.SUCCESS);
          releasing = null;
        }
        closeIfBoth();
      } else if (connection != null && !(peerReleased && releaseAcknowledged)) {
        last = "failure in " + state.symbol();
        boolean refused = state == EndpointState.CONNECTING;
        connection.fails(refused ? TcpFailure.CONNECTION_REFUSED : TcpFailure.CONNECTION_RESET);
        end(refused ? Status.CONNECTION_REFUSED : Status.CONNECTION_RESET);
      }
    }

    private void cancel() {
      last = "cancel in " + state.symbol();
      if (opening != null) {
        opening.request.cancel();
        end(Status.CANCELLED);
      } else if (!listens.isEmpty()) {
        Expected one = listens.removeLast();
        one.request.cancel();
        ends(one, Status.CANCELLED);
        state = listens.isEmpty() ? EndpointState.BOUND : EndpointState.LISTENING;
      } else if (!receives.isEmpty()) {
        Expected one = receives.removeFirst();
        one.request.cancel();
        ends(one, Status.CANCELLED);
      } else if (releasing != null) {
        releasing.request.cancel();
        ends(releasing, Status.CANCELLED);
        releasing = null;
      }
    }

    @Override
    public void close() {
      last = "closing";
      transport.close();
      assertThat(stack.lockGate().failures()).as(run).isEmpty();
      receives.forEach(each -> ends(each, Status.CANCELLED));
      listens.forEach(each -> ends(each, Status.CANCELLED));
      assertThat(stack.fakePorts().references(Protocol.TCP.number(), 80)).as(run).isZero();
    }
  }
}
