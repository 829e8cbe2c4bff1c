package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;
import org.penstock.api.buffer.OutboundFrame;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DropReason;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;

/**
 * Drivers that do more or less by themselves, with larger and smaller MTUs, take over from each
 * other while a connection is busy: each gets frames as it can take them, and nothing is lost.
 */
@Timeout(120)
class OffloadChangeTest {

  private static final int ROUNDS = 40;
  private static final int ETHERNET_HEADER = 14;

  private final TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy());
  private final Seen seen = new Seen();
  private EchoRounds transfer;
  private int ranking;

  @BeforeEach
  void startTransfer() throws Exception {
    stacks.echo(7);
    plugIn(9000, Offload.SEGMENTATION);
    transfer = new EchoRounds(stacks.open());
    stacks.stack(0).observe(seen);
    transfer.awaitMore(ROUNDS);
  }

  @AfterEach
  void closeStacks() {
    transfer.close();
    stacks.close();
  }

  @Test
  void framesAreMadeForTheDriverThatIsThere() {
    assertThat(seen.longest.get()).as("super-frames").isGreaterThan(9000 + ETHERNET_HEADER);
    assertThat(seen.partial.get()).isPositive();

    plugIn(1000, Offload.NONE);
    seen.forget();
    transfer.awaitMore(ROUNDS);
    assertThat(seen.longest.get()).isEqualTo(1000 + ETHERNET_HEADER);
    assertThat(seen.superFrames.get()).isZero();
    assertThat(seen.partial.get()).isZero();

    plugIn(4000, Offload.CHECKSUM);
    seen.forget();
    transfer.awaitMore(ROUNDS);
    assertThat(seen.longest.get()).isEqualTo(4000 + ETHERNET_HEADER);
    assertThat(seen.superFrames.get()).isZero();
    assertThat(seen.partial.get()).isPositive();

    plugIn(1500, Offload.SEGMENTATION);
    seen.forget();
    transfer.awaitMore(ROUNDS);
    assertThat(seen.superFrames.get()).isPositive();
    assertThat(seen.segment.get()).as("payload of each").isBetween(1400, 1460);
  }

  /** A better cable than any before, at both stacks. */
  private void plugIn(int mtu, Offload offload) {
    ranking++;
    Cable cable =
        new Cable(
            SystemRuntime.get(),
            CableOptions.named("cable" + ranking).withMtu(mtu).withOffload(offload));
    for (int i = 0; i < 2; i++) {
      assertThat(stacks.stack(i).slot("net0").offer(cable.end(i), ranking)).isNull();
    }
  }

  /** What the first stack has sent. */
  private static final class Seen implements SlotObserver {
    private final AtomicInteger longest = new AtomicInteger();
    private final AtomicInteger superFrames = new AtomicInteger();
    private final AtomicInteger segment = new AtomicInteger();
    private final AtomicInteger partial = new AtomicInteger();

    void forget() {
      longest.set(0);
      superFrames.set(0);
      segment.set(0);
      partial.set(0);
    }

    @Override
    public void sent(String slot, long nowNanos, OutboundFrame frame) {
      longest.accumulateAndGet(frame.length(), Math::max);
      if (frame.gsoType() != GsoType.NONE) {
        superFrames.incrementAndGet();
        segment.accumulateAndGet(frame.gsoSize(), Math::max);
      }
      if (frame.hasPartialChecksum()) {
        partial.incrementAndGet();
      }
    }

    @Override
    public void received(String slot, long nowNanos, Landing frame) {}

    @Override
    public void dropped(String slot, long nowNanos, DropReason reason, @Nullable Landing frame) {}
  }
}
