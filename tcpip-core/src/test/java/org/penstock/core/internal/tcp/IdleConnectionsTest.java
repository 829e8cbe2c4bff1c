package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.MemoryView;
import org.penstock.core.api.StackBuilder;

/** Connections that transfer nothing hold no buffer, however much they have transferred. */
class IdleConnectionsTest extends TcpScript {

  private static final int CONNECTIONS = 1_000;

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(4 << 20, 4 << 20).cells(1);
  }

  /** Opens a connection and transfers what makes every queue grow. */
  private Connection used(int port) {
    peer = new Peer(host, port, 80);
    user = new RecordingUser();
    host.output.sent.clear();
    connecting(port);
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().stamps(1, 0).send();
    // In order and out of order, large and small.
    for (int piece = 1; piece <= 20; piece++) {
      peer.segment("A").seq(1 + piece * 2 * MSS).ack(1).text(MSS, 0).stamps(2, 0).send();
      peer.segment("A").seq(1 + piece * 2 * MSS - 50).ack(1).text(10, 0).stamps(2, 0).send();
    }
    peer.segment("A").seq(1).ack(1).text(MSS, 0).stamps(2, 0).send();
    int end = 1;
    for (int at = 1 + MSS; at < 1 + 42 * MSS; at += MSS) {
      peer.segment("A").seq(at).ack(1).text(MSS, 0).stamps(2, 0).send();
      end = at + MSS;
    }
    int sent = 0;
    for (int i = 0; i < 30; i++) {
      send(2000, 0);
      sent += 2000;
    }
    while (connection.queued() > 0) {
      long in = connection.sender().next() - peer.theirIss;
      peer.segment("A").seq(end).ack((int) in).win(8192).stamps(3, 0).send();
    }
    assertThat(user.acknowledged).isEqualTo(sent);
    assertThat(user.read.size()).isEqualTo(end - 1);
    return connection;
  }

  private void connecting(int port) {
    connection = host.connect(port, peer.transport(), settings, user);
    peer.theirIss = host.output.sent.poll().header().sequence();
  }

  @Test
  void theyHoldNoLandingNoChunkNoTimerAndFewBytesOfTheHeap() {
    host.checking = false;
    List<Connection> all = new ArrayList<>();
    for (int port = 1; port <= CONNECTIONS; port++) {
      all.add(used(port));
    }
    host.runTo(host.now() + 60 * Host.SECOND);
    assertThat(all).allMatch(c -> c.state() == TcpState.ESTABLISHED);
    assertThat(host.tcp.invariants(0)).isEmpty();
    MemoryView memory = host.context.buffers().view(0, 0);
    assertThat(memory.landingsFree()).isEqualTo(memory.landingsTotal());
    assertThat(memory.chunkBytesFree()).isEqualTo(memory.chunkBytes());
    assertThat(host.landingsOut()).isZero();
    assertThat(memory.used()).isZero();
    assertThat(host.cell.timers().size()).isZero();
    long total = 0;
    for (Connection each : all) {
      total += retained(each);
    }
    assertThat(total / CONNECTIONS).as("bytes of an idle connection").isBetween(500L, 4_096L);
  }

  @Test
  void whatHasTransferredNothingIsNotMuchSmaller() {
    // Nothing of what made the queues grow is left.
    peer = new Peer(host, 1, 80);
    connecting(1);
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().stamps(1, 0).send();
    host.runTo(host.now() + 60 * Host.SECOND);
    long fresh = retained(connection);
    assertThat(retained(used(2)) - fresh).isLessThan(2_048);
  }

  /** Without what it shares with others of its cell or stack. */
  private long retained(Connection of) {
    return RetainedBytes.of(
        of,
        of.pcbs(),
        of.pcbs().transmissions(),
        of.settings(),
        of.path(),
        host.context,
        host.context.buffers(),
        host.cell.timers(),
        of.sender().congestion());
  }

  @Test
  void timeWaitKeepsNothingOfItsConnection() {
    peer = new Peer(host, 1, 80);
    connecting(1);
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().stamps(1, 0).send();
    TimeWait timeWait = new TimeWait(connection);
    assertThat(RetainedBytes.of(timeWait)).isBetween(64L, 192L);
  }
}
