package org.penstock.tdi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.fake.FakeConnection;
import org.penstock.tdi.fake.FakeStack;

/** What tests of one endpoint over scripted connections have in common. */
abstract class TcpEndpointScript {

  static final TransportAddress PEER = TransportAddress.parse("192.0.2.9:80");
  static final TransportAddress ANY = TransportAddress.ANY_IPV4;

  final FakeStack stack = FakeStack.create();
  final Transport transport = Transport.of(stack.stack());
  final Client client = transport.client("test");
  AddressFile file;
  ConnectionEndpoint endpoint;

  @BeforeEach
  void openEndpoint() throws Exception {
    file = client.openAddress(Protocol.TCP, ANY);
    endpoint = client.openEndpoint(file, "context");
  }

  @AfterEach
  void closeAll() {
    transport.close();
    assertThat(stack.lockGate().failures()).isEmpty();
    assertThat(stack.chunksOut()).isZero();
  }

  FakeConnection connected() {
    Outcome outcome = new Outcome();
    endpoint.connect(outcome.request(), PEER, null);
    FakeConnection connection = stack.fakeTcp().takeOpened();
    connection.peerAccepts();
    assertThat(outcome.status()).isEqualTo(Status.SUCCESS);
    return connection;
  }

  Outcome send(String text) {
    Outcome outcome = new Outcome();
    byte[] bytes = text.getBytes(UTF_8);
    endpoint.send(outcome.request(), MemorySegment.ofArray(bytes), 0, bytes.length, SendFlags.NONE);
    return outcome;
  }

  Outcome receive(byte[] target) {
    return receive(target, ReceiveFlags.NORMAL);
  }

  Outcome receive(byte[] target, int flags) {
    Outcome outcome = new Outcome();
    endpoint.receive(outcome.request(), MemorySegment.ofArray(target), 0, target.length, flags);
    return outcome;
  }

  Outcome disconnect(Disconnect how) {
    Outcome outcome = new Outcome();
    endpoint.disconnect(outcome.request(), how, null);
    return outcome;
  }
}
