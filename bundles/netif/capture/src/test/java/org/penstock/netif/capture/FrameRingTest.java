package org.penstock.netif.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of any length from many threads, none torn, none lost but those that are refused. */
class FrameRingTest {

  private static final int RING = 1 << 12;

  private final FrameRing ring = new FrameRing(RING);

  private boolean offer(int value, int octets) {
    long at = ring.claim(octets);
    if (at == FrameRing.FULL) {
      return false;
    }
    for (int i = 0; i + 4 <= octets; i += 4) {
      ring.memory().set(ValueLayout.JAVA_INT, at + i, value);
    }
    ring.publish(at, octets);
    return true;
  }

  /** The value of the oldest record, -1 for none; fails if it is torn. */
  private int take() {
    long at = ring.read();
    if (at == FrameRing.EMPTY) {
      return -1;
    }
    int octets = ring.length(at);
    int value = ring.memory().get(ValueLayout.JAVA_INT, at);
    for (int i = 0; i + 4 <= octets; i += 4) {
      assertThat(ring.memory().get(ValueLayout.JAVA_INT, at + i)).isEqualTo(value);
    }
    ring.release(at);
    return value;
  }

  @Test
  void keepsOrderAroundTheEndOfItsMemory() {
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(offer(i, 4 + 4 * (i % 300))).isTrue();
      if (i % 2 == 1) {
        assertThat(take()).isEqualTo(taken++);
        assertThat(take()).isEqualTo(taken++);
      }
    }
    assertThat(take()).isEqualTo(-1);
  }

  @Test
  void refusesWhatHasNoRoom() {
    int offered = 0;
    while (offer(offered, 1000)) {
      offered++;
    }
    assertThat(offered).isEqualTo(RING / 1008);
    for (int i = 0; i < offered; i++) {
      assertThat(take()).isEqualTo(i);
    }
    assertThat(take()).isEqualTo(-1);
    assertThat(offer(7, 1000)).isTrue();
    assertThat(take()).isEqualTo(7);
  }

  @Test
  void aClaimThatIsNotPublishedHidesWhatFollows() {
    long first = ring.claim(8);
    assertThat(offer(2, 8)).isTrue();
    assertThat(take()).isEqualTo(-1);
    ring.memory().set(ValueLayout.JAVA_INT, first, 1);
    ring.memory().set(ValueLayout.JAVA_INT, first + 4, 1);
    ring.publish(first, 8);
    assertThat(take()).isEqualTo(1);
    assertThat(take()).isEqualTo(2);
  }

  @Test
  void takesFromManyThreads() throws InterruptedException {
    int threads = 4;
    int each = 10_000;
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = t * each;
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  while (!offer(from + i, 4 + 4 * (i % 50))) {
                    Thread.onSpinWait();
                  }
                }
              }));
    }
    int[] next = new int[threads];
    for (int taken = 0; taken < threads * each; ) {
      int value = take();
      if (value >= 0) {
        int writer = value / each;
        assertThat(value % each).isEqualTo(next[writer]++);
        taken++;
      }
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(take()).isEqualTo(-1);
  }
}
