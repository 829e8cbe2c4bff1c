package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.view.Counter;

/**
 * An interface is back before the retransmission timer has expired: a probe finds out what was
 * lost, whatever was probed on the former way and however long that was.
 */
class RestorationProbeTest extends RecoveryScript {

  private void restore() {
    host.inside(() -> host.tcp.restored(0, 0));
    // Its own acknowledgement, which the peer may wait for.
    peer.expect("A").seq(at(10)).length(0);
  }

  @Test
  void aProbeThatWentTheFormerWayIsNotWaitedFor() {
    flying(10);
    peer.expectAfter(2 * RTT + 10, "PA").seq(at(9));
    pass(5);

    restore();

    peer.expectAfter(RTT, "PA").seq(at(9)).length(MSS);
    assertThat(host.count(Counter.TCP_LOSS_PROBES)).isEqualTo(2);
    assertNoTimeout();
  }

  @Test
  void anAnswerIsOneToTheProbeHoweverShortTheWayIsNow() {
    flying(10);
    restore();
    peer.expectAfter(RTT, "PA").seq(at(9)).length(MSS);

    pass(RTT / 10);
    acknowledge(0, 9, 10);

    expectSegment(0);
    assertPhase(LossRecovery.Phase.FAST);
    assertNoTimeout();
  }
}
