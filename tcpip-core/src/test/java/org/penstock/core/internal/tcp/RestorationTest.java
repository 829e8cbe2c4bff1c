package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/**
 * An interface has another driver, or its link again: whoever waits for a retransmission sends at
 * once, and nothing that was lost meanwhile counts as congestion a second time.
 */
class RestorationTest extends TcpScript {

  private static final int SLOT = 0;

  /** What the cell is told, in turns until nothing is left to do. */
  private void restore() {
    host.inside(() -> {
      boolean more = host.tcp.restored(0, SLOT);
      while (more) {
        more = host.tcp.restoreMore(0);
      }
    });
  }

  @Test
  void whatWasBackedOffIsSentAtOnceAndThenByTheTrueTimeout() {
    connected();
    send(2920, 0);
    host.runTo(host.now() + 30 * Host.SECOND);
    host.output.sent.clear();
    long timeouts = host.count(Counter.TCP_TIMEOUTS);
    long threshold = connection.sender().congestion().state().threshold();

    restore();

    peer.expect("A").seq(1).length(1460);
    assertThat(host.count(Counter.TCP_TIMEOUTS)).isEqualTo(timeouts);
    assertThat(connection.sender().congestion().state().threshold()).isEqualTo(threshold);
    peer.expectAfter(200, "A").seq(1).length(1460);
    peer.segment("A").seq(1).ack(1461).send();
    peer.expect("PA").seq(1461).length(1460);
    peer.segment("A").seq(1).ack(2921).send();
    assertThat(user.acknowledged).isEqualTo(2920);
  }

  @Test
  void whoWaitsForNothingYetSendsNothingTwiceButItsAcknowledgement() {
    connected();
    send("on its way");
    peer.expect("PA");

    restore();

    peer.expect("A").seq(11).length(0);
    peer.segment("A").seq(1).ack(11).send();
    peer.expectNothingFor(10_000);
    assertThat(host.count(Counter.TCP_RETRANSMITTED)).isZero();
  }

  @Test
  void anotherInterfaceIsNoReason() {
    connected();
    send("lost");
    host.runTo(host.now() + 30 * Host.SECOND);
    host.output.sent.clear();

    host.inside(() -> host.tcp.restored(0, SLOT + 1));

    peer.expectNothing();
  }

  @Test
  void aSynIsSentAgainAtOnce() {
    connecting();
    host.runTo(host.now() + 20 * Host.SECOND);
    host.output.sent.clear();

    restore();

    peer.expect("S").seq(0);
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("A").seq(1).ack(1);
    assertThat(state()).isEqualTo("ESTABLISHED");
  }

  @Test
  void aSynAndAckIsSentAgainAtOnce() {
    listening(8);
    synReceived();
    host.runTo(host.now() + 5 * Host.SECOND);
    host.output.sent.clear();

    host.inside(() -> host.tcp.restored(0, SLOT));

    peer.expect("SA").seq(0).ack(1);
    peer.segment("A").seq(1).ack(1).send();
    assertThat(acceptor.connections).hasSize(1);
  }

  @Test
  void aFinIsSentAgainAtOnceAlsoOfOneThatItsUserHasAbandoned() {
    connected();
    host.inside(connection::abandon);
    peer.expect("FA").seq(1);
    host.runTo(host.now() + 10 * Host.SECOND);
    host.output.sent.clear();

    restore();

    peer.expect("FA").seq(1);
    assertThat(state()).isEqualTo("FIN-WAIT-1");
  }

  @Test
  void aClosedWindowIsProbedAtOnceAndThenAsInTheBeginning() {
    connected();
    peer.segment("A").seq(1).ack(1).win(0).send();
    send(2000, 0);
    host.runTo(host.now() + 30 * Host.SECOND);
    host.output.sent.clear();

    restore();
    host.runTo(host.now());

    peer.expect("A").seq(1).text(1, 0);
    peer.expectAfter(400, "A").seq(1).text(1, 0);
    peer.segment("A").seq(1).ack(1).win(60_000).send();
    peer.expect("A").seq(1).length(1460);
  }

  @Test
  void thoseThatLeaveMeanwhileAreNoHindrance() {
    connected();
    Connection first = connection;
    List<Connection> others = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      others.add(host.connect(2000 + i, first.remote(), first.settings(), new RecordingUser()));
    }
    host.output.sent.clear();
    boolean[] more = new boolean[1];
    host.inside(() -> more[0] = host.tcp.restored(0, SLOT));
    assertThat(more[0]).as("bounded").isTrue();
    // Its acknowledgement by one, the SYN again by 63.
    assertThat(host.output.sent.size()).isEqualTo(64);

    // The first of those that would come next.
    host.inside(() -> others.subList(63, 66).forEach(Connection::abort));
    host.inside(() -> {
      while (host.tcp.restoreMore(0)) {}
    });

    assertThat(host.output.sent.size()).isEqualTo(198);
  }
}
