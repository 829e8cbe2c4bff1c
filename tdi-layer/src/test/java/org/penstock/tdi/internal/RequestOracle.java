package org.penstock.tdi.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.core.api.Chunk;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;
import org.penstock.tdi.Transport;
import org.penstock.tdi.TransportException;
import org.penstock.tdi.fake.FakeStack;

/**
 * Issues random requests and holds what must always be true: a request completes exactly once, at
 * dispatch level, with a status its kind may have; an object's handlers and completions come one at
 * a time; listens and connections are never lost.
 */
final class RequestOracle {

  private static final int PORTS = 2;
  private static final Set<Status> NEVER =
      Set.of(Status.PENDING, Status.NOT_IMPLEMENTED, Status.INVALID_DEVICE_REQUEST);

  /** An endpoint, and whether something of it is being delivered at this moment. */
  private static final class Watched {
    private final ConnectionEndpoint endpoint;
    private final AtomicBoolean delivering = new AtomicBoolean();

    Watched(Client client, AddressFile file) throws TransportException {
      this.endpoint = client.openEndpoint(file, this);
    }
  }

  /** A request of the oracle's. */
  private final class Issued {
    private final Watched on;
    private final String kind;
    private final AtomicInteger completions = new AtomicInteger();
    private final Request request = Request.of(this::completed);

    Issued(Watched on, String kind) {
      this.on = on;
      this.kind = kind;
      issued.add(this);
    }

    private void completed(Request of, Status status, long count) {
      enter(on);
      try {
        if (completions.incrementAndGet() > 1) {
          fail(kind + " completed twice");
        }
        if (NEVER.contains(status)) {
          fail(kind + " completed " + status);
        }
        outcomes.add(kind + " " + status);
      } finally {
        leave(on);
      }
    }
  }

  private final FakeStack stack;
  private final String run;
  private final Transport transport;
  private final Client client;
  private final List<AddressFile> files = new ArrayList<>();
  private final List<Watched> endpoints = new ArrayList<>();
  private final Queue<Issued> issued = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> outcomes = ConcurrentHashMap.newKeySet();

  RequestOracle(FakeStack stack, String run) throws TransportException {
    this.stack = stack;
    this.run = run;
    this.transport = Transport.of(stack.stack());
    this.client = transport.client("oracle");
    for (int i = 0; i < PORTS; i++) {
      AddressFile file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80 + i));
      files.add(file);
      for (int j = 0; j < 4; j++) {
        endpoints.add(new Watched(client, file));
      }
    }
    AddressFile events = files.getLast();
    events.onReceive((endpoint, data) -> {
      Watched on = (Watched) endpoint.context();
      enter(on);
      data.took(1 + data.length() / 2);
      leave(on);
    });
    events.onDisconnect((endpoint, how, status) -> {
      Watched on = (Watched) endpoint.context();
      enter(on);
      leave(on);
    });
    events.onConnect(offer -> {
      Watched on = endpoints.get(endpoints.size() - 1 - offer.remote().port() % 2);
      offer.accept(on.endpoint, new Issued(on, "take").request);
    });
  }

  private void enter(Watched on) {
    if (ExecutionLevel.current() != ExecutionLevel.DISPATCH) {
      fail("called at " + ExecutionLevel.current());
    }
    if (!on.delivering.compareAndSet(false, true)) {
      fail("two calls at once for " + on.endpoint);
    }
  }

  private static void leave(Watched on) {
    on.delivering.set(false);
  }

  private void fail(String what) {
    failures.add(run + ": " + what);
  }

  /** One random thing; any thread. */
  void step(Random random) {
    Watched on = endpoints.get(random.nextInt(endpoints.size()));
    ConnectionEndpoint endpoint = on.endpoint;
    MemorySegment memory = MemorySegment.ofArray(new byte[1 + random.nextInt(2000)]);
    switch (random.nextInt(16)) {
      case 0, 1 -> {
        int port = 80 + random.nextInt(PORTS);
        TransportAddress server = new TransportAddress(FakeStack.OWN, port);
        endpoint.connect(
            new Issued(on, "connect").request,
            server,
            random.nextBoolean() ? null : Duration.ofMillis(1));
      }
      case 2 -> endpoint.listen(new Issued(on, "listen").request, ListenOptions.ANY);
      case 3 -> endpoint.listen(new Issued(on, "listen").request, ListenOptions.OFFER);
      case 4 -> endpoint.accept(new Issued(on, "accept").request);
      case 5, 6, 7 ->
          endpoint.send(
              new Issued(on, "send").request, memory, 0, memory.byteSize(), random.nextInt(4));
      case 8 -> {
        Chunk chunk = client.lease(1000);
        if (chunk != null) {
          endpoint.send(new Issued(on, "send chunk").request, chunk, 0, 1000, SendFlags.NONE);
        }
      }
      case 9, 10 ->
          endpoint.receive(new Issued(on, "receive").request, memory, 0, memory.byteSize(), 0);
      case 11 -> endpoint.disconnect(new Issued(on, "abort").request, Disconnect.ABORT, null);
      case 12 -> endpoint.disconnect(new Issued(on, "release").request, Disconnect.RELEASE, null);
      case 13 -> endpoint.disassociate(new Issued(on, "disassociate").request);
      case 14 -> endpoint.associate(new Issued(on, "associate").request, files.getFirst());
      default -> cancelSome(random);
    }
    if (random.nextInt(50) == 0) {
      stack.advance(2_000_000L);
    }
  }

  private void cancelSome(Random random) {
    for (Issued each : issued) {
      if (random.nextInt(8) == 0) {
        each.request.cancel();
      }
    }
  }

  /** Each kind of request and each status it has ended with. */
  Set<String> outcomes() {
    return outcomes;
  }

  /** Closes everything, in one way or another, and looks at what is left: nothing may be. */
  void finish() {
    transport.close();
    assertThat(failures).as(run).isEmpty();
    assertThat(stack.lockGate().failures()).as(run).isEmpty();
    List<String> open = new ArrayList<>();
    for (Issued each : issued) {
      if (each.completions.get() != 1) {
        open.add(each.kind + " on " + each.on.endpoint);
      }
    }
    assertThat(open).as(run).isEmpty();
    assertThat(stack.chunksOut()).as(run).isZero();
    for (int i = 0; i < PORTS; i++) {
      assertThat(stack.fakePorts().references(Protocol.TCP.number(), 80 + i)).as(run).isZero();
    }
    assertThat(stack.fakeTcp().connectionsAlive()).as(run).isEmpty();
  }
}
