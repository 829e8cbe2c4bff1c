package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.penstock.api.congestion.AckSample;

/** Samples of the delivery rate, as model-based congestion control wants them. */
class DeliveryRateTest {

  private static final int SIZE = 1_000;

  private final Scoreboard board = new Scoreboard(new Transmissions());
  private final DeliveryRate rate = new DeliveryRate();
  private final Delivery delivery = new Delivery();
  private final AckSample sample = new AckSample();
  private int next = 1;

  private void send(long now) {
    boolean idle = board.isEmpty();
    int entry = board.sent(next, SIZE, SIZE, now);
    rate.sent(board, entry, idle, now);
    next += SIZE;
  }

  private void acknowledge(int upTo, long now) {
    sample.clear();
    delivery.begin(now, 0, 1, 1);
    board.acknowledge(upTo, delivery);
    rate.acknowledged(delivery, 10, sample);
  }

  @Test
  void whatWasDeliveredInARoundTrip() {
    for (int i = 0; i < 10; i++) {
      send(100 + i * 10);
    }
    // The first comes back after 100, the others each 10 after that.
    acknowledge(1 + SIZE, 200);
    assertThat(sample.delivered()).isEqualTo(SIZE);
    assertThat(sample.interval()).isEqualTo(100);
    assertThat(sample.roundStart()).isTrue();
    send(200);
    for (int i = 1; i < 10; i++) {
      acknowledge(1 + (i + 1) * SIZE, 200 + i * 10);
      assertThat(sample.roundStart()).as("segment %d", i).isFalse();
    }
    acknowledge(1 + 11 * SIZE, 300);
    // Sent when one had been delivered: ten since then, in 100.
    assertThat(sample.delivered()).isEqualTo(10 * SIZE);
    assertThat(sample.interval()).isEqualTo(100);
    assertThat(sample.roundStart()).isTrue();
    assertThat(sample.applicationLimited()).isFalse();
    assertThat(rate.delivered()).isEqualTo(11 * SIZE);
  }

  @Test
  void compressedAcknowledgementsDoNotMakeTheNetworkFaster() {
    for (int i = 0; i < 10; i++) {
      send(i * 100);
    }
    acknowledge(1 + SIZE, 1_000);
    acknowledge(1 + 10 * SIZE, 1_001);
    // Ten in a thousand, by what it took to send them.
    assertThat(sample.interval()).isGreaterThanOrEqualTo(900);
  }

  @Test
  void anIntervalShorterThanARoundTripIsNone() {
    send(0);
    acknowledge(1 + SIZE, 5);
    assertThat(sample.delivered()).isZero();
    assertThat(sample.interval()).isZero();
  }

  @Test
  void whatTheApplicationLimitedIsMarkedUntilItIsDelivered() {
    send(0);
    rate.applicationLimited(SIZE);
    send(10);
    acknowledge(1 + SIZE, 100);
    assertThat(sample.applicationLimited()).isFalse();
    acknowledge(1 + 2 * SIZE, 110);
    assertThat(sample.applicationLimited()).isTrue();
    send(120);
    acknowledge(1 + 3 * SIZE, 220);
    assertThat(sample.applicationLimited()).isFalse();
  }

  @Test
  void anIdleTimeIsNoPartOfTheInterval() {
    send(0);
    acknowledge(1 + SIZE, 100);
    send(1_000_000);
    acknowledge(1 + 2 * SIZE, 1_000_100);
    assertThat(sample.delivered()).isEqualTo(SIZE);
    assertThat(sample.interval()).isEqualTo(100);
  }

  @Test
  void anAcknowledgementThatDeliversNothingIsNoSample() {
    send(0);
    acknowledge(1, 100);
    assertThat(sample.delivered()).isZero();
    assertThat(rate.delivered()).isZero();
  }
}
