package org.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.Counter;
import org.penstock.api.view.StrategyView;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.concurrency.sharded.ShardedStrategy;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Protocol;

/**
 * Replaces the concurrency strategy of two stacks again and again while a connection between them
 * is busy both ways, with threads that sleep in receives, posted sections and timers. Real threads,
 * real time.
 */
@Timeout(300)
class SwapUnderTransferTest {

  private static final int SWAPS = 100;

  /** What an instance must have done before it is replaced. */
  private static final long LEAST_ENTRIES = 20;

  private static final long LEAST_BYTES = 32 * 1024;
  private static final TransportAddress SERVER =
      new TransportAddress(IpAddress.parse("192.0.2.2"), 7777);

  private final Map<String, Long> entries = new HashMap<>();

  @Test
  void everyStrategyRunsAndNothingIsLost() throws Exception {
    Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("cable"));
    try (Node a = node("a", cable, 0, "192.0.2.1/24");
        Node b = node("b", cable, 1, "192.0.2.2/24");
        Load loadOnA = new Load(a.stack());
        Load loadOnB = new Load(b.stack());
        AddressFile fileOfA =
            a.client()
                .openAddress(Protocol.TCP, new TransportAddress(IpAddress.parse("192.0.2.1"), 0));
        AddressFile fileOfB = b.client().openAddress(Protocol.TCP, SERVER);
        ConnectionEndpoint endOfA = a.client().openEndpoint(fileOfA, "a");
        ConnectionEndpoint endOfB = b.client().openEndpoint(fileOfB, "b")) {

      var listening = endOfB.listenAsync(ListenOptions.ANY);
      endOfA.connect(SERVER, null);
      listening.toCompletableFuture().get();
      EndlessTransfer forward = new EndlessTransfer("a-b", 11, endOfA, endOfB);
      EndlessTransfer backward = new EndlessTransfer("b-a", 12, endOfB, endOfA);
      loadOnA.start();
      loadOnB.start();
      forward.start();
      backward.start();
      long firstEpoch = a.stack().view().strategy().epoch();
      assertThat(b.stack().view().strategy().epoch()).isEqualTo(firstEpoch);

      for (int i = 0; i < SWAPS; i++) {
        for (Node node : List.of(a, b)) {
          work(node.stack(), forward, backward);
          swap(node.stack(), i);
        }
      }
      work(a.stack(), forward, backward);
      work(b.stack(), forward, backward);

      forward.finish();
      backward.finish();
      loadOnA.finish();
      loadOnB.finish();
      for (Node node : List.of(a, b)) {
        StrategyView view = node.stack().view().strategy();
        assertThat(view.epoch()).isEqualTo(firstEpoch + SWAPS);
        assertThat(view.swaps()).isNotEmpty().allMatch(swap -> swap.outcome().equals("done"));
        assertThat(node.stack().view().counters())
            .containsEntry(Counter.SECTION_EXCEPTIONS, 0L)
            .containsEntry(Counter.HANDLER_EXCEPTIONS, 0L);
        assertThat(node.stack().view().checkInvariants()).isEmpty();
      }
      assertThat(entries).containsOnlyKeys("global-lock", "mailbox", "sharded");
      assertThat(entries.values()).allMatch(count -> count >= SWAPS / 2 * LEAST_ENTRIES);
      assertThat(forward.bytes()).isGreaterThan(2L << 20);
      assertThat(backward.bytes()).isGreaterThan(2L << 20);
    }
  }

  /** Lets the strategy in force do its part of the transfer. */
  private void work(Stack stack, EndlessTransfer forward, EndlessTransfer backward) {
    long before = forward.bytes();
    long beforeBack = backward.bytes();
    await(() -> {
      forward.check();
      backward.check();
      return forward.bytes() - before >= LEAST_BYTES
          && backward.bytes() - beforeBack >= LEAST_BYTES
          && stack.view().strategy().statistics().entries() >= LEAST_ENTRIES;
    });
    assertThat(stack.view().checkInvariants()).isEmpty();
  }

  private void swap(Stack stack, int index) {
    StrategyView old = stack.view().strategy();
    ConcurrencyStrategy next =
        switch (index % 3) {
          case 0 -> new MailboxStrategy();
          case 1 -> new ShardedStrategy(3);
          default -> new GlobalLockStrategy();
        };
    assertThat(old.name()).isNotEqualTo(next.name());
    entries.merge(old.name(), old.statistics().entries(), Long::sum);
    assertThat(stack.swap(next)).as("swap %d of stack %s", index, stack.name()).isNull();
    assertThat(stack.view().strategy().name()).isEqualTo(next.name());
    assertThat(stack.view().strategy().epoch()).isEqualTo(old.epoch() + 1);
  }

  private static Node node(String name, Cable cable, int end, String prefix) {
    StackBuilder builder = new StackBuilder(name).cells(4).buffers(256 * 1024, 256 * 1024);
    return new Node(builder, new GlobalLockStrategy(), cable.end(end), prefix);
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(200_000);
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for the transfer");
      }
    }
  }
}
