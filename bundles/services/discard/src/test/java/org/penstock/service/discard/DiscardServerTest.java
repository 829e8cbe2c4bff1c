package org.penstock.service.discard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.service.testkit.JoinedStacks.PATIENCE;
import static org.penstock.service.testkit.JoinedStacks.at;
import static org.penstock.service.testkit.JoinedStacks.await;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.service.testkit.JoinedStacks;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;

/** The discard service over two stacks. */
@Timeout(60)
class DiscardServerTest {

  private static final int PORT = 9;

  private final JoinedStacks stacks = new JoinedStacks();
  private DiscardServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = DiscardServer.start(stacks.server(), at(PORT));
  }

  @AfterEach
  void closeAll() {
    server.close();
    stacks.close();
  }

  @Test
  void takesEverythingAndAnswersNothing() throws Exception {
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    ByteBuffer piece = ByteBuffer.allocate(1 << 20);
    for (int i = 0; i < 24; i++) {
      endpoint.send(piece.rewind(), PATIENCE);
    }
    endpoint.disconnect(Disconnect.RELEASE, PATIENCE);

    assertThat(endpoint.receive(ByteBuffer.allocate(1), PATIENCE)).as("the end").isZero();
    assertThat(server.discarded()).isEqualTo(24L << 20);
    await("the server lets go of the connection", () -> server.connections() == 0);
  }

  @Test
  void aResetEndsTheSession() throws Exception {
    ConnectionEndpoint endpoint = stacks.connect(PORT);
    endpoint.send(ByteBuffer.allocate(10), PATIENCE);
    await("the bytes are thrown away", () -> server.discarded() == 10);

    endpoint.disconnect(Disconnect.ABORT, PATIENCE);

    await("the server lets go of the connection", () -> server.connections() == 0);
  }

  @Test
  void takesDatagrams() throws Exception {
    AddressFile file = stacks.datagrams(0);
    file.sendDatagram(at(PORT), ByteBuffer.allocate(100));
    file.sendDatagram(at(PORT), ByteBuffer.allocate(23));

    await("both are thrown away", () -> server.discarded() == 123);
    assertThat(file.info().waitingDatagrams()).isZero();
  }
}
