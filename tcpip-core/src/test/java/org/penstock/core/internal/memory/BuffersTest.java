package org.penstock.core.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.Chunk;

class BuffersTest {

  private static final long LIMIT = 24L << 20;

  @Test
  void aBurstOfSendingLeavesMemoryToReceive() {
    Buffers buffers = new Buffers(LIMIT);
    List<Chunk> chunks = new ArrayList<>();
    for (Chunk chunk = buffers.lease(65_536); chunk != null; chunk = buffers.lease(65_536)) {
      chunks.add(chunk);
    }
    assertThat(chunks).hasSizeGreaterThan(100);
    chunks.forEach(Chunk::release);
    Landing landing = buffers.receiveBuffer();
    assertThat(landing).isNotNull();
    landing.release();
  }

  @Test
  void whatIsReceivedLeavesMemoryToSend() {
    Buffers buffers = new Buffers(LIMIT);
    int received = 0;
    while (buffers.receiveBuffer() != null) {
      received++;
    }
    assertThat(received).isGreaterThan(1000);
    assertThat(buffers.lease(100)).isNotNull();
    assertThat(buffers.lease(65_536)).isNotNull();
    assertThat(buffers.account().held()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void theLimitHoldsWithWhatIsSetAside() {
    Buffers buffers = new Buffers(LIMIT);
    assertThat(buffers.account().held()).isEqualTo(3L << 20);
    buffers.receiveBuffer();
    buffers.lease(100);
    buffers.lease(65_536);
    assertThat(buffers.account().held()).isEqualTo(3L << 20);
  }

  @Test
  void aSmallStackSharesAllThereIs() {
    Buffers buffers = new Buffers(2L << 20);
    assertThat(buffers.account().held()).isZero();
    assertThat(buffers.receiveBuffer()).isNotNull();
  }
}
