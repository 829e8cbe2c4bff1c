package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.Counter;
import org.penstock.api.view.DropReason;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.internal.memory.MemoryAccount;
import org.penstock.core.internal.memory.MemoryPressure;

/** What connections do while a stack's memory is scarce. */
class MemoryPressureTest extends TcpScript {

  private static final int LIMIT = 16 << 20;

  private final Deque<Landing> elsewhere = new ArrayDeque<>();
  private int sent = 1;

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20).memoryLimit(LIMIT);
  }

  /** Others of the stack use that much. */
  private void use(long bytes) {
    MemoryAccount account = host.context.buffers().account();
    while (account.used() < bytes) {
      elsewhere.push(host.context.buffers().receiveBuffer());
    }
    while (account.used() > bytes && !elsewhere.isEmpty()) {
      elsewhere.pop().release();
    }
  }

  private void pressure(MemoryPressure wanted) {
    use(
        switch (wanted) {
          case NONE -> 0;
          case SOFT -> 13 << 20;
          case HARD -> 15 << 20;
        });
    assertThat(host.context.buffers().pressure()).isEqualTo(wanted);
  }

  private void open() {
    host.useOwnLandings = true;
    connecting();
    peer.segment("SA").ack(1).mss(MSS).scale(7).sackPermitted().send();
    peer.expect("A");
    peer.window = 8192;
  }

  private int window() {
    return connection.receiver().edge() - connection.receiver().next();
  }

  private void receive(int bytes) {
    for (int done = 0; done < bytes; done += MSS) {
      int part = Math.min(MSS, bytes - done);
      peer.segment("A").seq(sent).ack(1).text(part, sent).send();
      sent += part;
    }
    peer.ignoreSent();
  }

  // ---- receiving ----

  @Test
  void aboveTheSoftLimitTheWindowComesDownAsItIsUsedAndNeverBack() {
    open();
    int edge = connection.receiver().edge();
    assertThat(window()).isEqualTo(128 << 10);
    pressure(MemoryPressure.SOFT);
    for (int i = 0; i < 20; i++) {
      receive(14_600);
      assertThat(connection.receiver().edge() - edge).isNotNegative();
      edge = connection.receiver().edge();
    }
    assertThat(window()).isBetween((32 << 10) - 2 * MSS, 32 << 10);
    // What the user took was enough to grow, but nothing grows now.
    host.runTo(host.now() + Host.SECOND);
    receive(14_600);
    assertThat(connection.receiver().limit()).isEqualTo(128 << 10);
  }

  @Test
  void whenMemoryIsThereAgainTheWindowOpensAndGrows() {
    open();
    pressure(MemoryPressure.HARD);
    receive(200_000);
    assertThat(window()).isBetween(MSS, 4096 + MSS);
    pressure(MemoryPressure.NONE);
    receive(2 * MSS);
    assertThat(window()).isBetween((128 << 10) - 2 * MSS, 128 << 10);
    for (int i = 0; i < 20; i++) {
      receive(100_000);
      host.runTo(host.now() + 5 * Host.MILLIS);
    }
    assertThat(connection.receiver().limit()).isGreaterThan(200_000);
  }

  @Test
  void aboveTheHardLimitWhatIsInOrderIsStillTaken() {
    open();
    pressure(MemoryPressure.HARD);
    for (int i = 0; i < 100; i++) {
      receive(1000);
    }
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(100_000, 1));
    assertThat(host.count(DropReason.TCP_RECEIVE_MEMORY)).isZero();
  }

  @Test
  void aboveTheHardLimitWhatIsOutOfOrderGoesFirstAndIsNoLongerReported() {
    open();
    for (int i = 1; i <= 5; i++) {
      peer.segment("A").seq(1 + i * MSS).ack(1).text(MSS, 1 + i * MSS).send();
    }
    peer.ignoreSent();
    assertThat(connection.receiver().reassembly().bytes()).isEqualTo(5 * MSS);
    pressure(MemoryPressure.HARD);
    peer.segment("A").seq(1 + 6 * MSS).ack(1).text(MSS, 1 + 6 * MSS).send();
    assertThat(peer.expect("A").ack(1).sent.header().options()).isEmpty();
    assertThat(connection.receiver().reassembly().isEmpty()).isTrue();
    assertThat(host.count(Counter.TCP_PRUNED)).isEqualTo(5 * MSS);
    assertThat(host.count(DropReason.TCP_RECEIVE_MEMORY)).isEqualTo(1);
    // The peer has it all still, and sends it again.
    receive(7 * MSS);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(7 * MSS, 1));
  }

  @Test
  void aFinAheadOfWhatWasGivenUpIsNotLost() {
    open();
    peer.segment("FA").seq(1 + 2 * MSS).ack(1).text(100, 1 + 2 * MSS).send();
    pressure(MemoryPressure.HARD);
    peer.segment("A").seq(1 + MSS).ack(1).text(MSS, 1 + MSS).send();
    assertThat(connection.receiver().reassembly().isEmpty()).isTrue();
    receive(2 * MSS);
    assertThat(state()).isEqualTo("ESTABLISHED");
    peer.segment("FA").seq(sent).ack(1).text(100, sent).send();
    assertThat(state()).isEqualTo("CLOSE-WAIT");
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(2 * MSS + 100, 1));
  }

  @Test
  void withNoMemoryAtAllWhatIsInOrderTakesThePlaceOfWhatIsNot() {
    open();
    // Small pieces are copied, each apart from the other.
    for (int i = 1; i <= 20; i++) {
      peer.segment("A").seq(1 + i * 200).ack(1).text(100, 1 + i * 200).send();
    }
    int pieces = connection.receiver().reassembly().count();
    assertThat(pieces).isEqualTo(20);
    for (Landing one = host.context.buffers().receiveBuffer();
        one != null;
        one = host.context.buffers().receiveBuffer()) {
      elsewhere.push(one);
    }
    peer.ignoreSent();
    peer.segment("A").seq(1).ack(1).text(100, 1).send();
    peer.expect("A").ack(101);
    assertThat(user.read.toByteArray()).isEqualTo(Peer.pattern(100, 1));
    assertThat(host.count(Counter.TCP_PRUNED)).isEqualTo(2000);
  }

  // ---- sending ----

  @Test
  void aboveTheSoftLimitASendQueueTakesLittle() {
    open();
    pressure(MemoryPressure.SOFT);
    assertThat(connection.sendRoom()).isEqualTo(32 << 10);
    pressure(MemoryPressure.NONE);
    assertThat(connection.sendRoom()).isEqualTo(256 << 10);
  }

  @Test
  void aboveTheHardLimitOnlyAnEmptyQueueTakesAnythingAndGetsOn() {
    open();
    pressure(MemoryPressure.HARD);
    assertThat(connection.sendRoom()).isEqualTo(4096);
    send(100_000, 0);
    assertThat(connection.queued()).isEqualTo(4096);
    assertThat(connection.sendRoom()).isZero();
    // All of it leaves at once: there is no room for more before it has arrived.
    peer.expect("A").length(MSS);
    peer.expect("A").length(MSS);
    peer.expect("PA").length(4096 - 2 * MSS);
    peer.segment("A").seq(1).ack(1 + 2 * MSS).send();
    assertThat(connection.sendRoom()).isZero();
    peer.segment("A").seq(1).ack(4097).send();
    assertThat(user.acknowledged).isEqualTo(4096);
    assertThat(connection.sendRoom()).isEqualTo(4096);
  }

  // ---- orphans ----

  @Test
  void aboveTheHardLimitNoOrphanIsKept() {
    open();
    send(1000, 0);
    peer.expect("PA");
    pressure(MemoryPressure.HARD);
    host.inside(connection::abandon);
    peer.expect("RA").seq(1001);
    assertThat(host.views()).isEmpty();
    assertThat(host.count(Counter.TCP_ORPHANS_REFUSED)).isEqualTo(1);
  }

  @Test
  void aboveTheSoftLimitFewerOrphansAreKept() {
    assertThat(TcpLimits.orphans(64, MemoryPressure.NONE)).isEqualTo(256);
    assertThat(TcpLimits.orphans(64, MemoryPressure.SOFT)).isEqualTo(64);
  }
}
