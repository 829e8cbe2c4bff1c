package org.penstock.netif.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Request;
import org.penstock.tdi.Transport;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.SeededContent;
import org.penstock.testkit.runtime.VirtualRuntime;

/**
 * A bad network comes and goes a hundred times during a transfer: the connection stays, every byte
 * arrives once and in order, and the driver ends as it was. In virtual time, by seed.
 */
class WrapDuringTransferTest {

  private static final int TIMES = 100;
  private static final int LENGTH = 4 << 20;
  private static final int PIECE = 8 << 10;
  private static final Duration LONG = Duration.ofHours(1);
  private static final long MILLISECOND = 1_000_000;

  @ParameterizedTest
  @CsvSource({"global-lock, 1", "global-lock, 2", "mailbox, 3", "mailbox, 4"})
  void everyByteArrivesOnce(String strategy, long seed) throws Exception {
    SeededContent content = new SeededContent(seed, LENGTH);
    ContentVerifier verifier = content.verifier();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    try (VirtualRuntime runtime = new VirtualRuntime(seed)) {
      Cable cable = new Cable(runtime, CableOptions.named("wire"));
      try (Stack a = stack("a", strategy, runtime);
          Stack b = stack("b", strategy, runtime);
          Transport transportOfA = Transport.of(a);
          Transport transportOfB = Transport.of(b);
          Client sender = transportOfA.client("sender");
          Client receiver = transportOfB.client("receiver")) {
        Slot slot = a.addSlot(SlotSettings.of("net0", "192.0.2.1/24"));
        assertThat(slot.offer(cable.end(0), 0)).isNull();
        assertThat(b.addSlot(SlotSettings.of("net0", "192.0.2.2/24")).offer(cable.end(1), 0))
            .isNull();
        AddressFile from = sender.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
        AddressFile to = receiver.openAddress(Protocol.TCP, TransportAddress.parse("192.0.2.2:7"));
        ConnectionEndpoint out = sender.openEndpoint(from, null);
        ConnectionEndpoint in = receiver.openEndpoint(to, null);
        String offload = slot.view().offload();
        int generation = slot.view().generation();
        to.onConnect(offer ->
            offer.accept(
                in,
                Request.of((request, status, count) ->
                    runtime.start("receive", () -> receive(runtime, in, verifier, failed)))));
        runtime.start("send", () -> send(out, content, failed));

        FaultInjector injector =
            new FaultInjector(
                "fault",
                FaultSettings.both(
                    ImpairmentConfig.builder()
                        .loss(0.01)
                        .delay(Duration.ofMillis(1))
                        .reorder(0.01, Duration.ofMillis(2))
                        .duplicate(0.01, Duration.ofMillis(1))
                        .corrupt(0.005)
                        .build(),
                    seed));
        int duringTransfer = 0;
        for (int i = 0; i < TIMES; i++) {
          assertThat(slot.wrap(injector)).isNull();
          runtime.advance((1 + i % 7) * MILLISECOND);
          duringTransfer += verifier.isComplete() ? 0 : 1;
          assertThat(slot.wrap(null)).isNull();
          assertThat(slot.view().offload()).isEqualTo(offload);
          runtime.advance(i % 3 * (MILLISECOND / 20));
        }
        for (int i = 0; i < 10_000 && !verifier.isComplete() && failed.get() == null; i++) {
          runtime.advance(10 * MILLISECOND);
        }

        assertThat(failed.get()).isNull();
        verifier.checkComplete();
        assertThat(duringTransfer).as("wrapped while bytes were moving").isGreaterThan(TIMES / 2);
        assertThat(injector.in().frames()).isPositive();
        assertThat(injector.out().frames()).isPositive();
        assertThat(injector.out().refused()).as("super-frames that met it").isZero();
        assertThat(injector.out().heldBytes() + injector.in().heldBytes()).isZero();
        assertThat(slot.view().generation()).as("the driver was bound once").isEqualTo(generation);
        assertThat(a.view().checkInvariants()).isEmpty();
        assertThat(b.view().checkInvariants()).isEmpty();
      }
    }
  }

  private static Stack stack(String name, String strategy, VirtualRuntime runtime) {
    ConcurrencyStrategy made =
        strategy.equals("mailbox") ? new MailboxStrategy() : new GlobalLockStrategy();
    return new StackBuilder(name)
        .runtime(runtime)
        .strategy(made)
        .cells(4)
        .timeWait(50 * MILLISECOND)
        .sentinel(true)
        .build();
  }

  private static void send(
      ConnectionEndpoint out, SeededContent content, AtomicReference<Throwable> failed) {
    try {
      out.connect(TransportAddress.parse("192.0.2.2:7"), LONG);
      for (int at = 0; at < LENGTH; at += PIECE) {
        out.send(ByteBuffer.wrap(content.octets(at, PIECE)), LONG);
      }
      out.disconnect(Disconnect.RELEASE, LONG);
    } catch (Exception e) {
      failed.compareAndSet(null, e);
    }
  }

  /** Reads no faster than that the transfer outlasts the changes. */
  private static void receive(
      VirtualRuntime runtime,
      ConnectionEndpoint in,
      ContentVerifier verifier,
      AtomicReference<Throwable> failed) {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
      while (in.receive(buffer, LONG) > 0) {
        verifier.accept(buffer.flip());
        buffer.clear();
        runtime.parker().park(runtime.nanoTime() + MILLISECOND);
      }
      in.disconnect(Disconnect.RELEASE, LONG);
    } catch (Exception e) {
      failed.compareAndSet(null, e);
    }
  }
}
