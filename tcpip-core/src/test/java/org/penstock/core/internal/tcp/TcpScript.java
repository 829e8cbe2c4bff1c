package org.penstock.core.internal.tcp;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpSettings;

/** What tests by script have in common: a host, and the peer that the test plays. */
abstract class TcpScript {

  static final int MSS = 1460;

  Host host = new Host("192.0.2.1", builder());
  Peer peer = new Peer(host, 1024, 80);
  RecordingUser user = new RecordingUser();
  RecordingAcceptor acceptor = new RecordingAcceptor();
  TcpSettings settings = TcpSettings.DEFAULT;
  Connection connection;

  StackBuilder builder() {
    return new StackBuilder("test").buffers(65_535, 65_535);
  }

  /** SYN-SENT, the SYN taken out of what was sent. */
  void connecting() {
    connection = host.connect(1024, peer.transport(), settings, user);
    delayAcknowledgements();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("S").seq(0);
  }

  /** ESTABLISHED, opened by us. */
  void connected() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A").seq(1).ack(1).length(0);
  }

  /** ESTABLISHED, opened by the peer to our port 80. */
  void accepted() {
    listening(8);
    synReceived();
    peer.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    user = acceptor.users.getLast();
    delayAcknowledgements();
  }

  /** From the start, and not only after the first answer. */
  void delayAcknowledgements() {
    connection.receiver().quickAcks().converse();
  }

  void listening(int backlog) {
    peer = new Peer(host, 80, 1024);
    host.listen(80, backlog, settings, acceptor);
  }

  /** SYN-RECEIVED, opened by the peer. */
  void synReceived() {
    peer.segment("S").mss(MSS).send();
    peer.theirIss = host.output.sent.peek().header().sequence();
    peer.expect("SA").seq(0).ack(1);
  }

  void send(String ascii) {
    send(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  void send(byte[] bytes) {
    host.inside(() -> connection.send(MemorySegment.ofArray(bytes), 0, bytes.length, true));
  }

  /** Sends bytes whose value tells their place in the stream. */
  void send(int bytes, int from) {
    send(Peer.pattern(bytes, from));
  }

  void release() {
    host.inside(connection::release);
  }

  String state() {
    return connection.state().label();
  }
}
