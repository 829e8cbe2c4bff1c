package org.penstock.service.chargen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;
import static org.penstock.service.testkit.JoinedStacks.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;

/** The character generator over two stacks. */
@Timeout(60)
class ChargenServerTest {

  private static final int PORT = 19;

  private final JoinedStacks stacks = new JoinedStacks();
  private ChargenServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = ChargenServer.start(stacks.server(), at(PORT));
  }

  @AfterEach
  void closeAll() {
    server.close();
    stacks.close();
  }

  @Test
  void sendsThePatternFromAcceptOnUntilClosed() throws Exception {
    ConnectionEndpoint stalled = stacks.connect(PORT); // reads nothing, and holds up nobody
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    int length = 5_000_000; // many times what is queued for one peer
    assertPattern(endpoint, 0, length / 2);
    endpoint.send(ByteBuffer.allocate(1000), PATIENCE); // thrown away
    endpoint.disconnect(Disconnect.RELEASE, PATIENCE); // goes on receiving
    assertPattern(endpoint, length / 2, length);
    assertThat(server.connections()).isEqualTo(2);

    endpoint.close();
    await("the server lets go of the connection", () -> server.connections() == 1);
    stalled.disconnect(Disconnect.ABORT, PATIENCE);
    await("the server lets go of the other", () -> server.connections() == 0);
  }

  private static void assertPattern(ConnectionEndpoint endpoint, int from, int to)
      throws Exception {
    ByteBuffer received = ByteBuffer.allocate(to - from);
    while (received.hasRemaining()) {
      assertThat(endpoint.receive(received, PATIENCE)).isPositive();
    }
    byte[] expected = new byte[to - from];
    for (int i = 0; i < expected.length; i++) {
      int line = (from + i) / 74;
      int column = (from + i) % 74;
      expected[i] = (byte) (column == 72 ? '\r' : column == 73 ? '\n' : ' ' + (line + column) % 95);
    }
    assertThat(received.array()).isEqualTo(expected);
  }

  @Test
  void answersADatagramByLines() throws Exception {
    AddressFile file = stacks.datagrams(0);
    ByteBuffer received = ByteBuffer.allocate(1000);
    file.sendDatagram(at(PORT), ByteBuffer.allocate(1));

    assertThat(file.receiveDatagram(received, PATIENCE)).isEqualTo(at(PORT));

    String text = StandardCharsets.US_ASCII.decode(received.flip()).toString();
    assertThat(text).hasSizeBetween(1, 512).startsWith(" !\"#$%&").endsWith("\r\n");
    assertThat(text.split("\r\n")).hasSize(6).allMatch(line -> line.length() == 72);
  }
}
