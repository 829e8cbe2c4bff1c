package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.Counter;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpSettings;

/**
 * Two hosts, a bad wire between them, virtual time: every byte arrives once and in order, both ends
 * agree on the close, nothing is left, and every PCB is sound after every event.
 */
class LossyTransferTest {

  private static final int BYTES = 256 << 10;

  // More of them: -Dpenstock.lossy.seeds=3000.
  private static final int FIRST_SEED = Integer.getInteger("penstock.lossy.first", 0);
  private static final int SEEDS = Integer.getInteger("penstock.lossy.seeds", 80);

  private final Application client = new Application();
  private final Application server = new Application();
  private Host first;
  private Host second;

  /** Sends a stream of bytes and releases, and reads the other's. */
  private static final class Application extends RecordingUser {
    private byte[] bytes = {};
    private Random random = new Random();
    private int size = BYTES;
    private int written;

    void begin(long seed, Random choices) {
      bytes = new byte[BYTES];
      new Random(seed).nextBytes(bytes);
      random = choices;
      reaction = this::react;
    }

    private void react(String what, TcpConnection of) {
      if (what.equals("connected") || what.equals("acknowledged")) {
        write(of);
      }
    }

    void write(TcpConnection of) {
      while (written < size) {
        int wanted = Math.min(size - written, 1 + random.nextInt(20_000));
        boolean push = random.nextInt(4) > 0;
        int taken = of.send(MemorySegment.ofArray(bytes), written, wanted, push);
        written += taken;
        if (taken < wanted) {
          return;
        }
      }
      of.release();
    }

    void resume() {
      reading = true;
      if (connection != null && !isOver()) {
        readAll(connection);
      }
    }

    void assertHasRead(Application other, int count) {
      byte[] got = read.toByteArray();
      int mismatch = Arrays.mismatch(got, Arrays.copyOf(other.bytes, count));
      assertThat(mismatch).as("first wrong byte of " + got.length + " received").isEqualTo(-1);
    }

    boolean isOver() {
      return told.stream().anyMatch(what -> what.startsWith("failed") || what.equals("closed"));
    }
  }

  static IntStream seeds() {
    return IntStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyByteArrivesOnceAndInOrder(int seed) {
    Random random = new Random(seed);
    LossyPipe pipe = pipe(seed, random);
    pipe.loss = seed % 4 == 0 ? 0.1 : 0.02;

    long deadline = transfer(pipe, random);

    assertThat(client.told).endsWith("closed").containsOnlyOnce("closed", "released");
    assertThat(server.told).endsWith("closed").containsOnlyOnce("closed", "released");
    client.assertHasRead(server, BYTES);
    server.assertHasRead(client, BYTES);
    // Super-segments make few packets, so not each seed meets each disturbance.
    assertThat(pipe.lost + pipe.duplicated + pipe.reordered).isPositive();
    if (pipe.lost > 10) {
      assertThat(first.count(Counter.TCP_RETRANSMITTED) + second.count(Counter.TCP_RETRANSMITTED))
          .isPositive();
    }
    assertNothingIsLeft(pipe, deadline);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void onAWireThatLosesThirtyPercentWhatArrivesIsThePrefix(int seed) {
    Random random = new Random(seed);
    LossyPipe pipe = pipe(seed, random);
    pipe.loss = 0.3;
    client.size = BYTES / 16;
    server.size = BYTES / 16;

    long deadline = transfer(pipe, random);

    // A connection may be given up here, but what it delivered is the beginning.
    boolean closed = client.isOver() && server.isOver();
    if (!closed) {
      assertThat(client.told.toString() + server.told).contains("failed");
    }
    client.assertHasRead(server, closed ? server.size : client.read.size());
    server.assertHasRead(client, closed ? client.size : server.read.size());
    assertNothingIsLeft(pipe, deadline);
  }

  private LossyPipe pipe(int seed, Random random) {
    StackBuilder builder =
        new StackBuilder("test")
            .cells(1)
            .buffers(4096 << random.nextInt(8), 4096 << random.nextInt(8));
    first = new Host("192.0.2.1", builder, seed, null);
    second = new Host("192.0.2.2", builder, seed + 1, null);
    first.output.segmentation = random.nextBoolean() ? 65_535 : 0;
    second.output.segmentation = random.nextBoolean() ? 65_535 : 0;
    first.output.mtu = random.nextInt(4) == 0 ? 576 : 1500;
    second.keepable = random.nextInt(4) > 0;
    LossyPipe pipe = new LossyPipe(first, second, random);
    pipe.duplication = 0.02;
    pipe.reordering = 0.05;
    pipe.delay = Host.MILLIS << random.nextInt(6);
    client.begin(seed * 2L + 1, random);
    server.begin(seed * 2L + 2, random);
    return pipe;
  }

  /** Opens, sends both ways, closes; returns a time by which all that must be over. */
  private long transfer(LossyPipe pipe, Random random) {
    RecordingAcceptor acceptor = new RecordingAcceptor();
    acceptor.reaction =
        of -> {
          server.connection = of;
          of.user(server);
          server.write(of);
        };
    second.listen(80, 4, TcpSettings.DEFAULT, acceptor);
    first.connect(1024, TransportAddress.of("192.0.2.2", 80), TcpSettings.DEFAULT, client);

    long deadline = first.now() + 3600 * Host.SECOND;
    long resume = Long.MAX_VALUE;
    while (!(client.isOver() && server.isOver())) {
      boolean stepped = pipe.step(Math.min(deadline, resume));
      if (first.now() >= resume) {
        resume = Long.MAX_VALUE;
        client.resume();
        server.resume();
        first.finish();
        second.finish();
      } else if (!stepped) {
        break;
      } else if (resume == Long.MAX_VALUE && random.nextInt(100) == 0) {
        (random.nextBoolean() ? client : server).reading = false;
        resume = first.now() + random.nextLong(3 * Host.SECOND);
      }
    }
    return deadline;
  }

  private void assertNothingIsLeft(LossyPipe pipe, long deadline) {
    while (pipe.step(deadline + 600 * Host.SECOND)) {
      // What is still on its way arrives, TIME-WAIT ends.
    }
    first.assertClean();
    second.assertClean();
  }
}
