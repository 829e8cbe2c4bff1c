package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load sees every way in which an echo can be wrong. */
@Timeout(60)
class EchoLoadTest {

  /** Enough that every fault below has happened, in bytes of one connection. */
  private static final long ENOUGH = 300_000;

  private static final int PLACE = 100_000;

  /** What the server does with the bytes it has received, the first of them at a position. */
  @FunctionalInterface
  private interface Echo {
    void answer(byte[] bytes, long position, OutputStream client) throws IOException;
  }

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @Test
  void honestEchoIsWhole() throws Exception {
    EchoLoad load = run(8, (bytes, position, client) -> client.write(bytes));

    assertThat(load.isWhole()).as("%s", told).isTrue();
    assertThat(load.summary()).startsWith("8 connections, 0 broken;");
  }

  @Test
  void changedByteIsSeen() throws Exception {
    EchoLoad load =
        run(
            1,
            (bytes, position, client) -> {
              long place = PLACE - position;
              if (place >= 0 && place < bytes.length) {
                bytes[(int) place] ^= 1;
              }
              client.write(bytes);
            });

    assertThat(load.isWhole()).isFalse();
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("byte " + PLACE + " came back as another");
  }

  @Test
  void lostBytesAreSeen() throws Exception {
    EchoLoad load =
        run(
            1,
            (bytes, position, client) ->
                client.write(position == 0 ? Arrays.copyOfRange(bytes, 8, bytes.length) : bytes));

    assertThat(load.isWhole()).isFalse();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("byte 0 came back as another");
  }

  @Test
  void repeatedBytesAreSeen() throws Exception {
    EchoLoad load =
        run(
            1,
            (bytes, position, client) -> {
              client.write(bytes);
              if (position == 0) {
                client.write(bytes);
              }
            });

    assertThat(load.isWhole()).isFalse();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("came back as another");
  }

  @Test
  void earlyEndIsSeen() throws Exception {
    EchoLoad load =
        run(
            1,
            (bytes, position, client) -> {
              if (position > PLACE) {
                throw new IOException("enough");
              }
              client.write(bytes);
            });

    assertThat(load.isWhole()).isFalse();
  }

  /** Runs a load until the server has received enough. */
  private EchoLoad run(int connections, Echo echo) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      EchoLoad load = new EchoLoad(new PrintStream(told, true, StandardCharsets.UTF_8));
      AtomicLong total = new AtomicLong();
      CompletableFuture<Void> enough = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                Socket client = server.accept();
                Thread.ofVirtual()
                    .start(() -> {
                      try (client) {
                        serve(client, echo, total, enough, connections * ENOUGH);
                      } catch (IOException e) {
                        enough.complete(null);
                      }
                    });
              }
            } catch (IOException e) {
              // The test has ended.
            }
          });
      load.connect(
          new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), connections);
      enough.thenRun(load::stop);
      load.run();
      return load;
    }
  }

  private static void serve(
      Socket client, Echo echo, AtomicLong total, CompletableFuture<Void> enough, long limit)
      throws IOException {
    InputStream input = client.getInputStream();
    long position = 0;
    byte[] piece = new byte[32 * 1024];
    for (int count = input.read(piece); count > 0; count = input.read(piece)) {
      echo.answer(Arrays.copyOf(piece, count), position, client.getOutputStream());
      position += count;
      if (total.addAndGet(count) > limit) {
        enough.complete(null);
      }
    }
  }
}
