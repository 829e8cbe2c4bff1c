package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.ConnectionEndpoint;

/**
 * A thread that sends to the echo service of {@link TwoStacks} and compares what comes back, round
 * by round, until it is closed.
 */
final class EchoRounds implements AutoCloseable {

  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:7");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PIECE = 24 * 1024;

  private final ConnectionEndpoint endpoint;
  private final RandomGenerator content = RandomGenerator.of("L64X128MixRandom");
  private final AtomicLong rounds = new AtomicLong();
  private final AtomicReference<Throwable> wrong = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean ended;

  EchoRounds(ConnectionEndpoint endpoint) throws Exception {
    this.endpoint = endpoint;
    endpoint.connect(SERVER, PATIENCE);
    this.thread = Thread.ofPlatform().name("echo-rounds").start(this::run);
  }

  private void run() {
    byte[] sent = new byte[PIECE];
    ByteBuffer got = ByteBuffer.allocate(PIECE);
    try {
      while (!ended) {
        content.nextBytes(sent);
        endpoint.send(ByteBuffer.wrap(sent), PATIENCE);
        got.clear();
        while (got.hasRemaining()) {
          assertThat(endpoint.receive(got, PATIENCE)).isPositive();
        }
        assertThat(got.array()).isEqualTo(sent);
        rounds.incrementAndGet();
      }
    } catch (Throwable e) {
      wrong.set(e);
    }
  }

  /** Waits until so many more rounds are over. */
  void awaitMore(int more) {
    long target = rounds.get() + more;
    await(() -> rounds.get() >= target);
  }

  /** Waits until something holds, as long as the transfer is right. */
  void await(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      assertThat(wrong.get()).as("what went wrong after %d rounds", rounds.get()).isNull();
      LockSupport.parkNanos(500_000);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endpoint.close();
    assertThat(wrong.get()).isNull();
  }
}
