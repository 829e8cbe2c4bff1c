package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.concurrency.Section;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.concurrency.sharded.ShardedStrategy;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.InThread;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;

/** Completions and handlers that ask for more, or end what they are called for, and floods. */
@Timeout(60)
class ReentryTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:80");
  private static final int TIMES = 50;

  static Stream<ConcurrencyStrategy> strategies() {
    return Stream.of(new GlobalLockStrategy(), new MailboxStrategy(), new ShardedStrategy(3));
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aConnectThatFailedIsTriedAgainByItsOwnCompletion(ConcurrencyStrategy strategy)
      throws Exception {
    try (TwoStacks stacks = new TwoStacks(strategy, strategy)) {
      ConnectionEndpoint endpoint = stacks.open();
      AtomicInteger refused = new AtomicInteger();
      CompletableFuture<Status> other = new CompletableFuture<>();
      Request connect =
          Request.of((request, status, count) -> {
            if (status == Status.CONNECTION_REFUSED && refused.incrementAndGet() < TIMES) {
              endpoint.connect(request, SERVER, LONG);
            } else {
              other.complete(status);
            }
          });

      endpoint.connect(connect, SERVER, LONG);

      assertThat(other.get(LONG.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(Status.CONNECTION_REFUSED);
      assertThat(refused).hasValue(TIMES);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aHandlerClosesTheEndpointItIsCalledFor(ConcurrencyStrategy strategy) throws Exception {
    try (TwoStacks stacks = new TwoStacks(strategy, strategy)) {
      Client server = stacks.client(1);
      AddressFile file = server.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 80));
      Semaphore shown = new Semaphore(0);
      file.onReceive((endpoint, data) -> {
        endpoint.close();
        data.took(data.length());
        shown.release();
      });
      file.onDisconnect((endpoint, how, status) -> shown.release(1000));
      file.onConnect(offer -> offer.accept(server.openEndpoint(file, null)));

      for (int i = 0; i < TIMES; i++) {
        try (ConnectionEndpoint endpoint = stacks.open()) {
          endpoint.connect(SERVER, LONG);
          endpoint.send(ByteBuffer.allocate(100), LONG);
          assertThat(shown.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
      }

      TwoStacks.awaitNoEndpoints(file);
      assertThat(shown.availablePermits()).as("calls for endpoints that are closed").isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void framesThatFindNoRoomTakeNoPostAlong(ConcurrencyStrategy strategy) throws Exception {
    try (TwoStacks stacks = new TwoStacks(strategy, strategy)) {
      stacks.echo(80);
      AddressFile datagrams = stacks.client(0).openAddress(Protocol.UDP, TransportAddress.ANY_IPV4);
      datagrams.sendDatagram(SERVER, ByteBuffer.allocate(1)); // The neighbours know each other.
      Semaphore released = new Semaphore(0);
      Semaphore inside = new Semaphore(0);
      InThread.call(() -> {
        stacks.stack(1).gate().post(new Holding(inside, released));
        return null;
      });
      assertThat(inside.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      AtomicInteger ran = new AtomicInteger();

      AtomicInteger refused = new AtomicInteger();
      CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(datagrams, refused));
      flood.get(LONG.toSeconds(), TimeUnit.SECONDS);
      for (int i = 0; i < TIMES; i++) {
        stacks.stack(1).gate().post(new Counting(ran));
      }
      released.release();

      ConnectionEndpoint endpoint = stacks.open();
      endpoint.connect(SERVER, LONG);
      assertThat(ran).hasValue(TIMES);
      long dropped = stacks.stack(1).slot("net0").view().dropped();
      assertThat(refused.get() + dropped).as("frames without room").isPositive();
    }
  }

  private static void flood(AddressFile datagrams, AtomicInteger refused) {
    for (int i = 0; i < 10_000; i++) {
      datagrams
          .sendDatagramAsync(SERVER, ByteBuffer.allocate(10))
          .whenComplete((count, failure) -> {
            if (failure != null) {
              refused.incrementAndGet();
            }
          });
    }
  }

  /** Keeps everybody out until it is told not to. */
  private static final class Holding extends Section {
    private final Semaphore inside;
    private final Semaphore released;

    Holding(Semaphore inside, Semaphore released) {
      super(0);
      this.inside = inside;
      this.released = released;
    }

    @Override
    protected void run() {
      inside.release();
      released.acquireUninterruptibly();
    }
  }

  private static final class Counting extends Section {
    private final AtomicInteger ran;

    Counting(AtomicInteger ran) {
      super(0);
      this.ran = ran;
    }

    @Override
    protected void run() {
      ran.incrementAndGet();
    }
  }
}
