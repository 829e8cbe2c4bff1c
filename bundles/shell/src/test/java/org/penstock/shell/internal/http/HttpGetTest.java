package org.penstock.shell.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** Fetching over two stacks, from a server that answers what the test wants. */
@Timeout(60)
class HttpGetTest {

  private static final int PORT = 8080;
  private static final HttpUrl FILE = HttpUrl.parse("http://192.0.2.2:8080/a/file?x=1");

  private final JoinedStacks stacks = new JoinedStacks();
  private final HttpGet get = new HttpGet(stacks.client(), PATIENCE);
  private final StringBuffer asked = new StringBuffer();

  @AfterEach
  void closeStacks() {
    stacks.close();
  }

  @Test
  void bodyComesWholeWithItsHash() throws Exception {
    byte[] content = new byte[1_000_000];
    new Random(1).nextBytes(content);
    serve(head("200 OK", content.length), content);
    ByteArrayOutputStream got = new ByteArrayOutputStream();

    Download download = get.fetch(FILE, Channels.newChannel(got), true);

    assertThat(got.toByteArray()).isEqualTo(content);
    assertThat(download.status()).isEqualTo(200);
    assertThat(download.bytes()).isEqualTo(content.length);
    assertThat(download.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    assertThat(asked.toString())
        .startsWith("GET /a/file?x=1 HTTP/1.1\r\n")
        .contains("\r\nHost: 192.0.2.2:8080\r\n");
  }

  @Test
  void otherStatusIsAResultAsWell() throws Exception {
    serve(head("404 Not Found", 4), "gone".getBytes(ISO_8859_1));

    Download download = get.fetch(FILE, null, false);

    assertThat(download.status()).isEqualTo(404);
    assertThat(download.bytes()).isEqualTo(4);
    assertThat(download.sha256()).isNull();
  }

  @Test
  void bodyThatEndsEarlyIsNoDownload() throws Exception {
    serve(head("200 OK", 1000), new byte[999]);

    assertThatThrownBy(() -> get.fetch(FILE, null, false)).isInstanceOf(EOFException.class);
  }

  @Test
  void whereNobodyListensItIsRefused() {
    assertThatThrownBy(() -> get.fetch(FILE, null, false))
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.status()).isEqualTo(Status.CONNECTION_REFUSED));
  }

  @Test
  void serverThatSaysNothingIsWaitedForWithinBounds() throws Exception {
    AddressFile file = stacks.server().openAddress(Protocol.TCP, at(PORT));
    file.onConnect(offer -> offer.accept(stacks.server().openEndpoint(file, null)));
    HttpGet hasty = new HttpGet(stacks.client(), Duration.ofMillis(200));

    assertThatThrownBy(() -> hasty.fetch(FILE, null, false))
        .isInstanceOfSatisfying(
            TransportException.class, e -> assertThat(e.status()).isEqualTo(Status.IO_TIMEOUT));
  }

  private static byte[] head(String status, int length) {
    return ("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  /** Answers the first connection. */
  private void serve(byte[] head, byte[] body) throws IOException {
    AddressFile file = stacks.server().openAddress(Protocol.TCP, at(PORT));
    file.onConnect(offer -> {
      ConnectionEndpoint endpoint = stacks.server().openEndpoint(file, null);
      Request accepted =
          Request.of((request, status, count) ->
              Thread.ofVirtual().start(() -> answer(endpoint, head, body)));
      offer.accept(endpoint, accepted);
    });
  }

  private void answer(ConnectionEndpoint endpoint, byte[] head, byte[] body) {
    try (endpoint) {
      ByteBuffer received = ByteBuffer.allocate(4096);
      while (asked.indexOf("\r\n\r\n") < 0) {
        endpoint.receive(received.clear(), PATIENCE);
        asked.append(ISO_8859_1.decode(received.flip()));
      }
      endpoint.send(ByteBuffer.wrap(head), PATIENCE);
      endpoint.send(ByteBuffer.wrap(body), PATIENCE);
      endpoint.disconnect(Disconnect.RELEASE, PATIENCE);
    } catch (IOException e) {
      asked.append(e);
    }
  }
}
