package org.penstock.core.internal.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.core.api.StackBuilder;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpSettings;

/**
 * The contract of congestion control carries a paced, model-based algorithm: from delivery rates it
 * finds the path's bandwidth, and keeps the queue in front of it short, where a loss-based one
 * fills it.
 */
class PacedModelTest {

  /** 10 Mbit/s, in bytes a second. */
  private static final long RATE = 1_250_000;

  private static final long DELAY = 20 * Host.MILLIS;

  /** Ten times what the path holds. */
  private static final long QUEUE = 500_000;

  private static final class Source extends RecordingUser {
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[1 << 20]);

    Source() {
      reaction = (what, of) -> write(of);
    }

    void write(TcpConnection of) {
      int taken = of.sendRoom();
      if (taken > 0) {
        of.send(bytes, 0, taken, true);
      }
    }
  }

  private LossyPipe run(@Nullable CongestionControl control, boolean segmentation, double loss) {
    StackBuilder builder = new StackBuilder("test").cells(1).buffers(1 << 20, 1 << 20);
    Host first = new Host("192.0.2.1", builder, 1, control);
    Host second = new Host("192.0.2.2", builder, 2, null);
    first.output.segmentation = segmentation ? 65_535 : 0;
    LossyPipe pipe = new LossyPipe(first, second, new Random(3));
    pipe.delay = DELAY;
    pipe.rate = RATE;
    pipe.queueLimit = QUEUE;
    pipe.loss = loss;
    RecordingAcceptor acceptor = new RecordingAcceptor();
    second.listen(80, 1, TcpSettings.DEFAULT, acceptor);
    first.connect(
        1024, new TransportAddress(second.address, 80), TcpSettings.DEFAULT, new Source());
    long settled = pipe.now() + 3 * Host.SECOND;
    while (pipe.step(settled)) {}
    pipe.longestQueue = 0;
    pipe.carried = 0;
    while (pipe.step(settled + 5 * Host.SECOND)) {}
    return pipe;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRateIsThePathsAndTheQueueStaysShort(boolean segmentation) {
    LossyPipe pipe = run(new MiniBbr(), segmentation, 0);
    assertThat(pipe.carried).isGreaterThan(5 * RATE * 93 / 100);
    // A quarter of what the path holds is the probing, a quantum the bursts.
    assertThat(pipe.longestQueue).isLessThan(QUEUE / 10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lossesThatAreNoCongestionDoNotSlowIt(boolean segmentation) {
    LossyPipe pipe = run(new MiniBbr(), segmentation, 0.01);
    assertThat(pipe.carried).isGreaterThan(5 * RATE * 85 / 100);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWaitsForALossFillsTheQueue(boolean segmentation) {
    LossyPipe pipe = run(null, segmentation, 0);
    assertThat(pipe.longestQueue).isGreaterThan(QUEUE / 4);
  }
}
