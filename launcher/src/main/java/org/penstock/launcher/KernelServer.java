package org.penstock.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the stack is compared with: the same two services on the kernel's own TCP. It serves one
 * file over HTTP, by {@code sendfile}, and discards what it receives; it does as little besides as
 * can be done, so that the kernel's TCP is what is measured. A client is served by a thread of its
 * own until it closes.
 */
public final class KernelServer implements AutoCloseable {

  private static final int REQUEST = 16 * 1024;
  private static final int DISCARDED = 1 << 20;

  private final Path file;
  private final ServerSocketChannel http;
  private final ServerSocketChannel discard;

  private KernelServer(Path file, ServerSocketChannel http, ServerSocketChannel discard) {
    this.file = file;
    this.http = http;
    this.discard = discard;
  }

  /**
   * Serves until the process is ended.
   *
   * @param arguments file, port of HTTP, port of discard
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("usage: KernelServer FILE HTTP-PORT DISCARD-PORT");
      System.exit(2);
    }
    start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
  }

  /**
   * Starts both services at every address of the machine.
   *
   * @param file what every GET is answered with
   * @param httpPort 0 draws one
   * @param discardPort 0 draws one
   */
  static KernelServer start(Path file, int httpPort, int discardPort) throws IOException {
    KernelServer server = new KernelServer(file, listenAt(httpPort), listenAt(discardPort));
    Thread.ofPlatform().name("http").start(() -> accept(server.http, server::answer));
    Thread.ofPlatform().name("discard").start(() -> accept(server.discard, KernelServer::discard));
    return server;
  }

  private static ServerSocketChannel listenAt(int port) throws IOException {
    return ServerSocketChannel.open().bind(new InetSocketAddress(port));
  }

  int httpPort() {
    return http.socket().getLocalPort();
  }

  int discardPort() {
    return discard.socket().getLocalPort();
  }

  @FunctionalInterface
  private interface Service {
    void serve(SocketChannel client) throws IOException;
  }

  private static void accept(ServerSocketChannel listening, Service service) {
    try {
      while (true) {
        SocketChannel client = listening.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client, service));
      }
    } catch (IOException e) {
      // Closed: nobody is served any more.
    }
  }

  private static void serve(SocketChannel client, Service service) {
    try (client) {
      service.serve(client);
    } catch (IOException e) {
      System.err.println("a client went away: " + e.getMessage());
    }
  }

  private void answer(SocketChannel client) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(REQUEST);
    while (!isComplete(request)) {
      if (!request.hasRemaining() || client.read(request) < 0) {
        return;
      }
    }
    try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = content.size();
      String head =
          "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nConnection: close\r\n\r\n";
      client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      for (long sent = 0; sent < length; ) {
        sent += content.transferTo(sent, length - sent, client);
      }
    }
  }

  private static boolean isComplete(ByteBuffer request) {
    return new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII)
        .endsWith("\r\n\r\n");
  }

  private static void discard(SocketChannel client) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(DISCARDED);
    while (client.read(buffer) >= 0) {
      buffer.clear();
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
    discard.close();
  }
}
