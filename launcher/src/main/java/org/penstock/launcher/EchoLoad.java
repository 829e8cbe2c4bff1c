package org.penstock.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Many connections to an echo server at once, by the kernel's TCP, each sending as fast as it can
 * and comparing what comes back byte by byte. It runs until it is told to stop, and then until the
 * last byte has come back: a server that is changed meanwhile in every way must not lose, repeat or
 * alter one.
 */
public final class EchoLoad {

  private static final int BUFFER = 64 * 1024;
  private static final int CONNECT_MILLIS = 10_000;

  /** How long nothing at all may come before it is given up. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long LOOK_MILLIS = 1000;

  private final Selector selector;
  private final PrintStream output;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private int open;
  private int opened;
  private int broken;
  private long carried;
  private long heard;
  private long longestSilence;
  private boolean finishing;
  private volatile boolean asked;
  private volatile boolean stop;

  /**
   * A load without connections.
   *
   * @param output where it tells what goes wrong
   */
  EchoLoad(PrintStream output) throws IOException {
    this.selector = Selector.open();
    this.output = output;
  }

  /**
   * Runs until the end of standard input; exits with 1 if a connection broke or a byte was wrong.
   * Each line of the input asks how long nothing came at the longest since the one before.
   *
   * @param arguments address, port, connections
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("usage: EchoLoad ADDRESS PORT CONNECTIONS");
      System.exit(2);
    }
    EchoLoad load = new EchoLoad(System.out);
    int connections = Integer.parseInt(arguments[2]);
    load.connect(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), connections);
    System.out.println(connections + " connections");
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            for (int octet = System.in.read(); octet >= 0; octet = System.in.read()) {
              if (octet == '\n') {
                load.ask();
              }
            }
          } catch (IOException e) {
            // An end as well.
          }
          load.stop();
        });
    load.run();
    System.out.println(load.summary());
    System.exit(load.isWhole() ? 0 : 1);
  }

  /** Opens connections, one after the other. */
  void connect(InetSocketAddress server, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.socket().connect(server, CONNECT_MILLIS);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(
          selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, new EchoFlow(channel, opened++));
      open++;
    }
  }

  /** Has it tell the longest silence since this was last asked; from any thread. */
  void ask() {
    asked = true;
    selector.wakeup();
  }

  /** Has every connection send no more; from any thread. */
  void stop() {
    stop = true;
    selector.wakeup();
  }

  /** Sends and compares until it was stopped and everything has come back. */
  void run() throws IOException {
    heard = System.nanoTime();
    while (open > 0) {
      if (stop && !finishing) {
        finishing = true;
        selector.keys().forEach(key -> guard(key, EchoFlow::finish));
      }
      if (asked) {
        asked = false;
        hear();
        output.println("silent for " + TimeUnit.NANOSECONDS.toMillis(longestSilence) + " ms");
        longestSilence = 0;
      }
      selector.select(this::serve, LOOK_MILLIS);
      if (System.nanoTime() - heard > SILENCE_NANOS) {
        output.println(open + " connections are silent and are given up");
        broken += open;
        return;
      }
    }
  }

  /** True if no connection broke and every byte that was sent came back. */
  boolean isWhole() {
    return broken == 0;
  }

  /** What was carried, in one line. */
  String summary() {
    return "%d connections, %d broken; %.1f GiB came back"
        .formatted(opened, broken, carried / (double) (1L << 30));
  }

  @FunctionalInterface
  private interface Step {
    void take(EchoFlow flow) throws IOException;
  }

  private void serve(SelectionKey key) {
    guard(
        key,
        flow -> {
          if (key.isReadable() && !read(flow)) {
            end(key);
            return;
          }
          if (key.isWritable() && flow.wantsToWrite()) {
            flow.write(buffer);
          }
          key.interestOps(
              flow.wantsToWrite()
                  ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                  : SelectionKey.OP_READ);
        });
  }

  private boolean read(EchoFlow flow) throws IOException {
    long before = flow.received();
    boolean more = flow.read(buffer);
    carried += flow.received() - before;
    hear();
    return more;
  }

  private void hear() {
    long now = System.nanoTime();
    longestSilence = Math.max(longestSilence, now - heard);
    heard = now;
  }

  private void guard(SelectionKey key, Step step) {
    EchoFlow flow = (EchoFlow) key.attachment();
    try {
      step.take(flow);
    } catch (IOException e) {
      broken++;
      output.println(
          "connection "
              + flow.number()
              + " after "
              + flow.received()
              + " bytes: "
              + e.getMessage());
      end(key);
    }
  }

  private void end(SelectionKey key) {
    open--;
    key.cancel();
    try {
      key.channel().close();
    } catch (IOException e) {
      output.println("a connection can't be closed: " + e.getMessage());
    }
  }
}
