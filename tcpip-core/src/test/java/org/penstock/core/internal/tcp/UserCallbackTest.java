package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.core.api.TcpConnection;

/** PITFALLS 26: a user that ends its connection while it is told something. */
class UserCallbackTest extends TcpScript {

  private void play() {
    connecting();
    peer.segment("SA").ack(1).mss(MSS).send();
    if (connection.isInTables() && !connection.isOrphan()) {
      host.inside(() -> {
        connection.send(java.lang.foreign.MemorySegment.ofArray(new byte[10]), 0, 10, true);
        connection.release();
      });
    }
    peer.segment("PA").seq(1).ack(11).text("all at once").deliver();
    peer.segment("FA").seq(12).ack(12).deliver();
    host.finish();
    host.runTo(host.now() + 700 * Host.SECOND);
    host.assertClean();
    assertThat(host.portReferences(1024)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connected",
        "received",
        "acknowledged",
        "released",
        "releaseAcknowledged",
        "closed"
      })
  void abortWhileToldAnythingIsTheLastWord(String when) {
    user.reaction =
        (what, of) -> {
          if (what.equals(when)) {
            of.abort();
          }
        };
    play();
    if (!when.equals("acknowledged")) {
      assertThat(user.told).endsWith(when);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connected",
        "received",
        "acknowledged",
        "released",
        "releaseAcknowledged",
        "closed"
      })
  void abandonWhileToldAnythingIsTheLastWord(String when) {
    user.reaction =
        (what, of) -> {
          if (what.equals(when)) {
            of.abandon();
          }
        };
    play();
    if (!when.equals("acknowledged")) {
      assertThat(user.told).endsWith(when);
    }
  }

  @Test
  void abortWhenToldOfTheFailureIsHarmless() {
    user.reaction = (what, of) -> of.abort();
    connecting();
    peer.segment("RA").ack(1).send();
    assertThat(user.told).containsExactly("failed CONNECTION_REFUSED");
    host.assertClean();
  }

  @Test
  void releaseAndSendFromWithinACallbackLeaveAtTheEnd() {
    user.reaction =
        (what, of) -> {
          if (what.equals("connected")) {
            of.send(java.lang.foreign.MemorySegment.ofArray(new byte[5]), 0, 5, true);
            of.release();
          }
        };
    connecting();
    peer.segment("SA").ack(1).mss(MSS).send();
    peer.expect("FPA").seq(1).ack(1).length(5);
    peer.expectNothing();
  }

  @Test
  void theUserIsNeverToldFromWithinItsOwnCall() {
    connected();
    peer.segment("FPA").seq(1).ack(1).text("x").send();
    user.told.clear();
    connection.release();
    connection.receive(java.lang.foreign.MemorySegment.ofArray(new byte[1]), 0, 1);
    assertThat(user.told).isEmpty();
  }

  @Test
  void anotherUserHearsWhatHappensFromThenOn() {
    connected();
    user.reading = false;
    RecordingUser next = new RecordingUser();
    peer.segment("PA").seq(1).ack(1).text("one").deliver();
    connection.user(next);
    host.finish();
    assertThat(user.told).containsExactly("connected");
    assertThat(next.told).isEmpty();
    peer.segment("PA").seq(4).ack(1).text("two").send();
    assertThat(next.told).containsExactly("received");
    assertThat(next.text()).isEqualTo("onetwo");
  }

  @Test
  void anotherUserHearsOfAFailureThatHasHappened() {
    connected();
    RecordingUser next = new RecordingUser();
    peer.segment("R").seq(1).deliver();
    connection.user(next);
    host.finish();
    assertThat(next.told).containsExactly("failed CONNECTION_RESET");
  }

  @Test
  void anExceptionOfTheUserEndsItsConnectionAlone() {
    connected();
    TcpConnection bad = connection;
    user.reaction =
        (what, of) -> {
          if (what.equals("received")) {
            throw new IllegalStateException("user");
          }
        };
    peer.segment("PA").seq(1).ack(1).text("x").deliver();
    assertThatThrownBy(host::finish).hasMessage("user");
    host.finish();
    peer.expect("RA").seq(1);
    assertThat(bad.view().state()).isEqualTo("CLOSED");
    host.assertClean();
  }

  @Test
  void anExceptionOfTheAcceptorGivesThePlaceInTheBacklogBack() {
    listening(1);
    acceptor.accepting = false;
    acceptor.reaction =
        of -> {
          throw new IllegalStateException("acceptor");
        };
    for (int i = 0; i < 3; i++) {
      peer.iss += 1_000_000;
      synReceived();
      peer.segment("A").seq(1).ack(1).deliver();
      assertThatThrownBy(host::finish).hasMessage("acceptor");
      host.finish();
      peer.expect("RA");
    }
  }

  @Test
  void callsAfterTheEndAreHarmless() {
    connected();
    peer.segment("R").seq(1).deliver();
    send("too late");
    assertThat(connection.sendRoom()).isZero();
    connection.release();
    connection.credit(0);
    assertThat(connection.take()).isNull();
    connection.abandon();
    connection.abort();
    host.finish();
    host.assertClean();
  }
}
