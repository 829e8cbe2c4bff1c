package org.penstock.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;
import static org.penstock.service.testkit.JoinedStacks.await;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;

/** The file server over two stacks. */
@Timeout(60)
class HttpServerTest {

  private static final int PORT = 80;
  private static final String CLOSE = "Host: x\r\nConnection: close\r\n\r\n";

  @TempDir Path root;
  private final JoinedStacks stacks = new JoinedStacks();
  private HttpServer server;

  @BeforeEach
  void startServer() throws Exception {
    Files.writeString(root.resolve("a.txt"), "hello");
    server = HttpServer.start(stacks.server(), at(PORT), root);
  }

  @AfterEach
  void closeAll() {
    server.close();
    stacks.close();
  }

  /** Sends all and returns all that comes back until the end of the connection. */
  private String exchange(String requests) throws Exception {
    return exchangeBytes(requests).toString(ISO_8859_1);
  }

  private ByteArrayOutputStream exchangeBytes(String requests) throws Exception {
    try (ConnectionEndpoint endpoint = stacks.connect(PORT)) {
      endpoint.send(ByteBuffer.wrap(requests.getBytes(ISO_8859_1)), PATIENCE);
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      while (endpoint.receive(buffer.clear(), PATIENCE) > 0) {
        received.write(buffer.array(), 0, buffer.position());
      }
      return received;
    }
  }

  @Test
  void getAndHead() throws Exception {
    assertThat(exchange("GET /a.txt HTTP/1.1\r\n" + CLOSE))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 5\r\n", "Connection: close\r\n", "Last-Modified: ")
        .endsWith("\r\n\r\nhello");
    assertThat(exchange("HEAD /a.txt HTTP/1.1\r\n" + CLOSE))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 5\r\n")
        .endsWith("\r\n\r\n");
    await("the server lets go of both connections", () -> server.connections() == 0);
  }

  @Test
  void whatIsNotThereOrNotAllowed() throws Exception {
    assertThat(exchange("GET /b.txt HTTP/1.1\r\n" + CLOSE)).startsWith("HTTP/1.1 404 Not Found");
    assertThat(exchange("GET /../x HTTP/1.1\r\n" + CLOSE)).startsWith("HTTP/1.1 404 Not Found");
    assertThat(exchange("PUT /a.txt HTTP/1.1\r\n" + CLOSE))
        .startsWith("HTTP/1.1 405 Method Not Allowed")
        .contains("Allow: GET, HEAD\r\n");
    assertThat(exchange("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(exchange("GET / HTTP/1.1\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderOverOneConnection() throws Exception {
    String get = "GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n";
    String head = "HEAD /a.txt HTTP/1.1\r\nHost: x\r\n\r\n";
    String missing = "GET /missing HTTP/1.1\r\nHost: x\r\n\r\n";

    String answers = exchange(get + head + missing + get + "GET /a.txt HTTP/1.1\r\n" + CLOSE);

    assertThat(answers.split("HTTP/1.1 ", -1))
        .satisfiesExactly(
            before -> assertThat(before).isEmpty(),
            first -> assertThat(first).startsWith("200").endsWith("\r\n\r\nhello"),
            second -> assertThat(second).startsWith("200").endsWith("\r\n\r\n"),
            third -> assertThat(third).startsWith("404"),
            fourth -> assertThat(fourth).startsWith("200").endsWith("\r\n\r\nhello"),
            last -> assertThat(last).contains("Connection: close").endsWith("hello"));
  }

  @Test
  void aLargeFileArrivesWhole() throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(80).nextBytes(content);
    Files.write(root.resolve("large.bin"), content);

    byte[] answer = exchangeBytes("GET /large.bin HTTP/1.1\r\n" + CLOSE).toByteArray();

    int body = answer.length - content.length;
    assertThat(ByteBuffer.wrap(answer).slice(body, content.length))
        .isEqualTo(ByteBuffer.wrap(content));
    assertThat(new String(answer, 0, body, ISO_8859_1)).endsWith("\r\n\r\n");
  }

  @Test
  void aClientThatGoesAwayIsForgotten() throws Exception {
    Files.write(root.resolve("large.bin"), new byte[20_000_000]);
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    endpoint.send(
        ByteBuffer.wrap("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1)),
        PATIENCE);
    assertThat(endpoint.receive(ByteBuffer.allocate(1000), PATIENCE)).isPositive();
    assertThat(server.connections()).isEqualTo(1);

    endpoint.disconnect(Disconnect.ABORT, PATIENCE);

    await("the server lets go of the connection", () -> server.connections() == 0);
  }
}
