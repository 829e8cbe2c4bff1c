package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.core.api.StackBuilder;

/** PITFALLS 20: a send of any length arrives as a whole, also where 16 bits don't hold it. */
class VeryLargeSendTest extends TcpScript {

  @Override
  StackBuilder builder() {
    return new StackBuilder("test").buffers(1 << 20, 1 << 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 131_072, 1 << 20, (1 << 20) + 1, 5_000_000})
  void oneSegmentAtATime(int bytes) {
    transfer(bytes, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 131_072, 1 << 20, (1 << 20) + 1, 5_000_000})
  void inSuperSegments(int bytes) {
    transfer(bytes, 65_535);
  }

  private void transfer(int bytes, int segmentation) {
    connecting();
    host.output.segmentation = segmentation;
    peer.segment("SA").ack(1).mss(MSS).scale(7).send();
    peer.expect("A");
    peer.window = 8192;
    MemorySegment source = MemorySegment.ofArray(Peer.pattern(bytes, 1));
    int[] given = {0};
    user.reaction =
        (what, of) -> {
          if (given[0] < bytes) {
            given[0] += of.send(source, given[0], bytes - given[0], true);
          }
        };
    host.inside(() -> user.reaction.accept("begin", connection));
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    while (!host.output.sent.isEmpty()) {
      FakeOutput.Sent segment = host.output.sent.poll();
      assertThat(segment.header().sequence() - peer.theirIss).isEqualTo(1 + arrived.size());
      arrived.writeBytes(segment.text());
      if (host.output.sent.isEmpty()) {
        peer.segment("A").seq(1).ack(1 + arrived.size()).send();
      }
    }
    assertThat(arrived.toByteArray()).isEqualTo(Peer.pattern(bytes, 1));
    assertThat(user.acknowledged).isEqualTo(bytes);
    assertThat(connection.queued()).isZero();
  }
}
