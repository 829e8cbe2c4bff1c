package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;

/** What people see of PCBs; the end of a stack; segments that are dropped at the door. */
class ViewsAndStopTest extends TcpScript {

  @Test
  void theListsShowWhatThereIs() {
    accepted();
    user.reading = false;
    peer.segment("PA").seq(1).ack(1).text("unread").send();
    send(100_000, 0);
    peer = new Peer(host, 80, 9);
    peer.segment("S").send();
    assertThat(host.views())
        .extracting(PcbView::list, PcbView::state, PcbView::owner)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(PcbView.List.LISTENING, "LISTEN", "listener"),
            org.assertj.core.groups.Tuple.tuple(PcbView.List.ACTIVE, "ESTABLISHED", "endpoint"),
            org.assertj.core.groups.Tuple.tuple(PcbView.List.ACTIVE, "SYN-RECEIVED", "listener"));
    PcbView view = connection.view();
    assertThat(view.receiveQueue()).isEqualTo(6);
    assertThat(view.sendQueue()).isEqualTo(65_535);
    assertThat(view.congestion()).isEqualTo("newreno");
    assertThat(view.window()).isEqualTo(14_600);
    assertThat(view.remote()).hasToString("192.0.2.2:1024");
  }

  @Test
  void aStackThatStopsResetsEverythingInBoundedSteps() {
    List<RecordingUser> users = new ArrayList<>();
    listening(300);
    for (int port = 1; port <= 200; port++) {
      peer = new Peer(host, 80, port);
      host.output.sent.clear();
      peer.segment("S").send();
      peer.theirIss = host.output.sent.poll().header().sequence();
      if (port % 2 == 0) {
        peer.segment("A").seq(1).ack(1).send();
      }
      if (port % 4 == 0) {
        connection = acceptor.connections.getLast();
        release();
        peer.segment("FA").seq(1).ack(2).send();
      }
    }
    users.addAll(acceptor.users);
    host.output.sent.clear();
    int calls = 0;
    boolean done = false;
    while (!done) {
      done = host.tcp.resetAll(0);
      host.finish();
      calls++;
    }
    assertThat(calls).isBetween(3, 5);
    assertThat(host.output.sent).hasSize(150);
    assertThat(users).hasSize(100);
    assertThat(users)
        .allMatch(u -> u.told.contains("failed STACK_STOPPED") != u.told.contains("closed"));
    host.assertClean();
    host.output.sent.clear();
    peer = new Peer(host, 80, 999);
    peer.segment("S").send();
    peer.expect("RA");
    assertThatThrownBy(() -> host.tcp.connect(connection.local(), peer.transport(), settings, user))
        .isInstanceOfSatisfying(
            TcpException.class, e -> assertThat(e.failure()).isEqualTo(TcpFailure.STACK_STOPPED));
  }

  @Test
  void aBadChecksumIsDroppedUnlessTheDeviceVouchesForIt() {
    listening(3);
    for (ChecksumState checksum : ChecksumState.values()) {
      var header =
          new org.penstock.core.internal.wire.TcpHeader(
              7, 80, checksum.ordinal() << 20, 0, 2, 100, 0, List.of());
      var landing = host.small();
      header.writeTo(landing.segment(), 34);
      org.penstock.core.internal.wire.TcpHeader.setChecksum(landing.segment(), 34, 0x1234);
      landing.describe(0, 54, 0);
      landing.checksum(checksum);
      host.deliver(peer.address, landing, 34, 20, true);
      host.finish();
    }
    assertThat(host.count(DropReason.BAD_CHECKSUM_TCP)).isEqualTo(1);
    assertThat(host.count(Counter.TCP_IN_ERRORS)).isEqualTo(1);
    assertThat(host.output.sent).isNotEmpty();
  }

  @Test
  void anythingAtAllIsSurvived() {
    accepted();
    java.util.Random random = new java.util.Random(11);
    host.checksum = ChecksumState.VALID;
    for (int i = 0; i < 200_000; i++) {
      var landing = host.small();
      byte[] bytes = new byte[20 + random.nextInt(60)];
      random.nextBytes(bytes);
      java.nio.ByteBuffer header = java.nio.ByteBuffer.wrap(bytes);
      if (random.nextInt(4) > 0) {
        header.putInt(0, 1024 << 16 | 80);
        header.putInt(4, connection.receiver().next() + random.nextInt(20) - 10);
        header.putInt(8, connection.sender().next() + random.nextInt(10) - 5);
        // No reset, SYN or FIN in most of them, so that the connection lives on for a while.
        header.put(12, (byte) (5 + random.nextInt(3) << 4));
        header.put(13, (byte) (random.nextInt(50) == 0 ? random.nextInt(256) : 0x10));
      }
      java.lang.foreign.MemorySegment.copy(
          java.lang.foreign.MemorySegment.ofArray(bytes), 0, landing.segment(), 34, bytes.length);
      landing.describe(0, 34 + bytes.length, 0);
      landing.checksum(ChecksumState.VALID);
      host.deliver(peer.address, landing, 34, bytes.length, true);
      host.finish();
      host.output.sent.clear();
      if (!connection.isInTables() && random.nextInt(20) == 0) {
        host.runTo(host.now() + 100 * Host.SECOND);
        peer.iss = random.nextInt();
        host.output.sent.clear();
        accepting(peer);
      }
    }
    assertThat(acceptor.connections).hasSizeGreaterThan(5);
  }

  private void accepting(Peer by) {
    by.segment("S").mss(MSS).send();
    if (host.output.sent.isEmpty()) {
      return;
    }
    by.theirIss = host.output.sent.poll().header().sequence();
    by.segment("A").seq(1).ack(1).send();
    connection = acceptor.connections.getLast();
    host.output.sent.clear();
  }
}
