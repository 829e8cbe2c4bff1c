package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.core.api.TcpSettings;

/** How long a connection that its user has abandoned may go on sending: SO_LINGER of others. */
class LingerTest extends TcpScript {

  private void abandonWithUnsentData(long linger) {
    settings = TcpSettings.DEFAULT.withLinger(linger);
    connected();
    peer.segment("A").seq(1).ack(1).win(1460).send();
    send(3000, 0);
    peer.expect("A").length(1460);
    host.inside(connection::abandon);
  }

  @Test
  void zeroResetsAtOnceAndDropsWhatWasQueued() {
    abandonWithUnsentData(0);
    peer.expect("RA").seq(1461);
    host.assertClean();
  }

  @Test
  void abandonedAgainItIsNotTakenForAnother() {
    connected();
    send("x");
    peer.expect("PA");
    // The host compares its orphans with their count after each step.
    host.inside(connection::abandon);
    host.inside(connection::abandon);
    peer.expect("FA").seq(2);
    peer.segment("A").seq(1).ack(3).send();
    long left = connection.timers().deadline(ConnectionTimers.ORPHAN);
    host.runTo(host.now() + 10 * Host.SECOND);
    host.inside(connection::abandon);
    assertThat(connection.timers().deadline(ConnectionTimers.ORPHAN)).isEqualTo(left);
    host.runTo(left);
    host.assertClean();
    host.inside(connection::abandon);
    peer.expectNothing();
  }

  @Test
  void zeroResetsAlsoWhereNothingIsQueued() {
    settings = TcpSettings.DEFAULT.withLinger(0);
    connected();
    host.inside(connection::abandon);
    peer.expect("RA").seq(1).ack(1);
    host.assertClean();
  }

  @Test
  void whatArrivesWithinTheTimeEndsByAFin() {
    abandonWithUnsentData(5 * Host.SECOND);
    peer.segment("A").seq(1).ack(1461).win(65_535).send();
    peer.expect("A").seq(1461).length(1460);
    peer.expect("FPA").seq(2921).length(80);
    peer.segment("A").seq(1).ack(3002).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
    // From here on it is no longer the queue that it waits for.
    peer.expectNothingFor(59_000);
    peer.segment("FA").seq(1).ack(3002).send();
    peer.expect("A").ack(2);
    peer.expectNothingFor(120_000);
    host.assertClean();
  }

  @Test
  void whatHasNotArrivedByThenIsLostAndAResetSaysSo() {
    abandonWithUnsentData(5 * Host.SECOND);
    peer.segment("A").seq(1).ack(1461).win(0).send();
    long abandoned = host.now();
    host.runTo(abandoned + 4_999 * Host.MILLIS);
    assertThat(host.output.sent).noneMatch(s -> (s.header().flags() & Peer.flags("R")) != 0);
    peer.ignoreSent();
    peer.expectAfter(1, "RA").seq(1461);
    host.assertClean();
  }

  @Test
  void byDefaultItLingersAsLongAsThePeerAnswers() {
    settings = TcpSettings.DEFAULT;
    connected();
    send("x");
    peer.expect("PA");
    host.inside(connection::abandon);
    peer.expect("FA");
    host.runTo(host.now() + 30 * Host.SECOND);
    assertThat(state()).isEqualTo("FIN-WAIT-1");
    peer.segment("A").seq(1).ack(3).send();
    assertThat(state()).isEqualTo("FIN-WAIT-2");
  }

  @Test
  void aConnectionThatIsNotAbandonedDoesNotMindTheSetting() {
    settings = TcpSettings.DEFAULT.withLinger(0);
    connected();
    release();
    peer.expect("FA").seq(1);
    peer.segment("A").seq(1).ack(2).send();
    peer.expectNothingFor(1_000_000);
    assertThat(state()).isEqualTo("FIN-WAIT-2");
  }
}
