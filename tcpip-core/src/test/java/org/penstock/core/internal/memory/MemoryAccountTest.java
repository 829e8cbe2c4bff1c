package org.penstock.core.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.Chunk;

/** What is in use of a stack's memory, and how scarce it is then. */
class MemoryAccountTest {

  private static final int LIMIT = 16 << 20;

  private final Buffers buffers = new Buffers(LIMIT);
  private final Deque<Landing> out = new ArrayDeque<>();

  private void use(long bytes) {
    while (buffers.account().used() < bytes) {
      out.push(buffers.receiveBuffer());
    }
    while (buffers.account().used() > bytes) {
      out.pop().release();
    }
  }

  @Test
  void theLimitsAreThreeQuartersAndSevenEighths() {
    assertThat(buffers.account().softLimit()).isEqualTo(12 << 20);
    assertThat(buffers.account().hardLimit()).isEqualTo(14 << 20);
  }

  @Test
  void pressureFollowsWhatIsInUseUpAndDown() {
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.NONE);
    use(12 << 20);
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.NONE);
    use((12 << 20) + (128 << 10));
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.SOFT);
    use((14 << 20) + (128 << 10));
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.HARD);
    use(13 << 20);
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.SOFT);
    use(0);
    assertThat(buffers.pressure()).isEqualTo(MemoryPressure.NONE);
    // The slabs stay, for whoever comes next.
    assertThat(buffers.account().held()).isGreaterThan(14 << 20);
  }

  @Test
  void allKindsOfPiecesCount() {
    SlabPool<Landing> ofDriver = buffers.landings(64 << 10, 64);
    List<Landing> landings = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      landings.add(ofDriver.take());
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      chunks.add(buffers.lease(64 << 10));
      chunks.add(buffers.lease(100));
    }
    long bytes = 64 * (64L << 10);
    for (Chunk chunk : chunks) {
      bytes += chunk.capacity();
    }
    assertThat(buffers.account().used()).isEqualTo(bytes);
    assertThat(buffers.view(0, 0).used()).isEqualTo(bytes);
    landings.forEach(Landing::release);
    chunks.forEach(Chunk::release);
    assertThat(buffers.account().used()).isZero();
  }

  @Test
  void aSmallLimitIsLookedAtInSmallSteps() {
    Buffers few = new Buffers(1 << 20);
    List<Landing> taken = new ArrayList<>();
    MemoryPressure before = MemoryPressure.NONE;
    for (Landing one = few.receiveBuffer(); one != null; one = few.receiveBuffer()) {
      taken.add(one);
      assertThat(few.pressure()).isGreaterThanOrEqualTo(before);
      before = few.pressure();
    }
    assertThat(few.pressure()).isEqualTo(MemoryPressure.HARD);
    taken.forEach(Landing::release);
    assertThat(few.pressure()).isEqualTo(MemoryPressure.NONE);
  }
}
