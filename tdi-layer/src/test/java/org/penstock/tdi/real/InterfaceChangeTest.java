package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.TransportAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DropReason;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.EndpointState;

/** A connection outlives whatever is done to the interface it goes by. */
@Timeout(60)
class InterfaceChangeTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TransportAddress SERVER = TransportAddress.parse("192.0.2.2:7");

  private final TwoStacks stacks = new TwoStacks(new GlobalLockStrategy(), new MailboxStrategy());
  private final Slot slot = stacks.stack(0).slot("net0");
  private ConnectionEndpoint endpoint;

  @BeforeEach
  void connect() throws Exception {
    stacks.echo(SERVER.port());
    endpoint = stacks.open();
    endpoint.connect(SERVER, LONG);
    assertEchoes("before");
  }

  @AfterEach
  void closeStacks() {
    stacks.close();
  }

  @Test
  void theDriverGoesAndComesBack() throws Exception {
    slot.withdraw(stacks.end(0));
    assertThat(slot.view().up()).isFalse();
    CompletionStage<Long> sent = endpoint.sendAsync(text("meanwhile"));
    assertThat(endpoint.state()).isEqualTo(EndpointState.CONNECTED);

    assertThat(slot.offer(stacks.end(0), 0)).isNull();

    assertThat(received("meanwhile".length())).isEqualTo("meanwhile");
    sent.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertEchoes("afterwards");
  }

  @Test
  void anotherDriverTakesOver() throws Exception {
    Cable better = new Cable(SystemRuntime.get(), CableOptions.named("better"));
    for (int i = 0; i < 2; i++) {
      assertThat(stacks.stack(i).slot("net0").offer(better.end(i), 1)).isNull();
    }
    assertThat(slot.view().driver()).isEqualTo(better.end(0).name());
    assertEchoes("by the better one");

    for (int i = 0; i < 2; i++) {
      stacks.stack(i).slot("net0").withdraw(better.end(i));
    }

    assertThat(slot.view().driver()).isEqualTo(stacks.end(0).name());
    assertEchoes("by the one before");
    assertThat(slot.view().generation()).as("drivers it has had").isEqualTo(3);
  }

  @Test
  void whatADriverDropsIsCountedAtItsInterfaceAlsoWhenItHasGone() {
    Lossy lossy = new Lossy(new Cable(SystemRuntime.get(), CableOptions.named("lossy")).end(0));
    lossy.dropped.set(1000);
    long before = slot.view().dropped();
    assertThat(slot.offer(lossy, 1)).isNull();
    assertThat(slot.view().dropped()).as("by another slot, before").isEqualTo(before);

    lossy.dropped.addAndGet(3);
    assertThat(slot.view().dropped()).isEqualTo(before + 3);
    slot.withdraw(lossy);
    lossy.dropped.addAndGet(5);

    assertThat(slot.view().dropped()).isEqualTo(before + 3);
    assertThat(stacks.stack(0).view().drops()).containsEntry(DropReason.DRIVER, 3L);
  }

  /** A driver that says it has dropped what a test wants. */
  private record Lossy(Netif netif, AtomicLong dropped) implements Netif {

    Lossy(Netif netif) {
      this(netif, new AtomicLong());
    }

    @Override
    public String name() {
      return netif.name();
    }

    @Override
    public NetifCapabilities capabilities() {
      return netif.capabilities();
    }

    @Override
    public long drops() {
      return dropped.get();
    }

    @Override
    public NetifAttachment attach(NetifHost host) throws NetifException {
      return netif.attach(host);
    }
  }

  @Test
  void theInterfaceIsRemovedAndAnotherHasItsAddress() throws Exception {
    stacks.stack(0).removeSlot("net0");
    CompletionStage<Long> sent = endpoint.sendAsync(text("meanwhile"));
    assertThat(endpoint.state()).isEqualTo(EndpointState.CONNECTED);

    Slot another = stacks.stack(0).addSlot(SlotSettings.of("net9", "192.0.2.1/24"));
    assertThat(another.offer(stacks.end(0), 0)).isNull();

    assertThat(received("meanwhile".length())).isEqualTo("meanwhile");
    sent.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertEchoes("afterwards");
  }

  @Test
  void anInterfaceIsAddedBesideAndRemovedAgain() throws Exception {
    int generation = slot.view().generation();
    Slot beside = stacks.stack(0).addSlot(SlotSettings.of("net1", "198.51.100.1/24"));
    assertEchoes("beside another");

    assertThat(beside.offer(stacks.end(0), 9)).as("a driver in use").isNotNull();
    assertEchoes("by its own driver");
    stacks.stack(0).removeSlot("net1");

    assertEchoes("alone");
    assertThat(slot.view().generation()).isEqualTo(generation);
  }

  @Test
  void theStrategiesOfBothSidesAreReplacedWhileNobodySends() throws Exception {
    stacks.stack(0).swap(new MailboxStrategy());
    stacks.stack(1).swap(new GlobalLockStrategy());

    assertEchoes("by others");
  }

  private void assertEchoes(String said) throws Exception {
    endpoint.send(text(said), LONG);
    assertThat(received(said.length())).isEqualTo(said);
  }

  private String received(int length) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      assertThat(endpoint.receive(buffer, LONG)).isPositive();
    }
    return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
  }

  private static ByteBuffer text(String text) {
    return StandardCharsets.US_ASCII.encode(text);
  }
}
