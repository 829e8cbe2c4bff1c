package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.DropReason;
import org.penstock.concurrency.globallock.GlobalLockStrategy;
import org.penstock.concurrency.mailbox.MailboxStrategy;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.SwitchOptions;
import org.penstock.netif.loopback.VirtualSwitch;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.InThread;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Transport;

/** Three stacks at a switch: 192.0.2.1 to 192.0.2.3, behind the ports of the same numbers. */
@Timeout(60)
class OverSwitchTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int BYTES = 4 << 20;

  private final VirtualSwitch sw =
      new VirtualSwitch(SystemRuntime.get(), SwitchOptions.named("sw0").withMtu(9000));
  private final List<Stack> stacks = new ArrayList<>();
  private final List<Transport> transports = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  private void addStack(ConcurrencyStrategy strategy) {
    int number = stacks.size() + 1;
    Stack stack =
        new StackBuilder("s" + number)
            .strategy(strategy)
            .sentinel(true)
            .timeWait(50_000_000L)
            .build();
    stacks.add(stack);
    stack.addSlot(SlotSettings.of("net0", "192.0.2." + number + "/24"));
    assertThat(stack.slot("net0").offer(sw.port(number), 0)).isNull();
    transports.add(Transport.of(stack));
    clients.add(transports.getLast().client("test"));
  }

  @AfterEach
  void close() {
    transports.forEach(Transport::close);
    for (Stack stack : stacks) {
      assertThat(stack.view().checkInvariants()).isEmpty();
      stack.close();
    }
  }

  private static byte[] content(int sender) {
    byte[] content = new byte[BYTES];
    new Random(sender).nextBytes(content);
    return content;
  }

  /** Takes one connection and what it brings. */
  private CompletableFuture<byte[]> serve(int stack, int port) throws Exception {
    Client client = clients.get(stack);
    AddressFile file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", port));
    ConnectionEndpoint endpoint = client.openEndpoint(file, null);
    CompletableFuture<byte[]> served =
        InThread.call(() -> {
          endpoint.listen(LONG);
          ByteBuffer received = ByteBuffer.allocate(BYTES + 1);
          while (endpoint.receive(received, LONG) > 0) {
            assertThat(received.hasRemaining()).isTrue();
          }
          endpoint.disconnect(Disconnect.RELEASE, LONG);
          return Arrays.copyOf(received.array(), received.position());
        });
    while (file.info().waitingListens() == 0) {
      Thread.onSpinWait();
    }
    return served;
  }

  private CompletableFuture<Boolean> send(int from, int to, int port) {
    return InThread.call(() -> {
      Client client = clients.get(from);
      AddressFile file = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
      ConnectionEndpoint endpoint = client.openEndpoint(file, null);
      endpoint.connect(TransportAddress.of("192.0.2." + (to + 1), port), LONG);
      endpoint.send(ByteBuffer.wrap(content(from)), LONG);
      endpoint.disconnect(Disconnect.RELEASE, LONG);
      return true;
    });
  }

  @Test
  void eachSendsToBothOthersAtOnce() throws Exception {
    addStack(new GlobalLockStrategy());
    addStack(new MailboxStrategy());
    addStack(new GlobalLockStrategy());
    List<CompletableFuture<byte[]>> served = new ArrayList<>();
    List<CompletableFuture<Boolean>> sent = new ArrayList<>();
    List<Integer> senders = new ArrayList<>();
    for (int from = 0; from < 3; from++) {
      for (int to = 0; to < 3; to++) {
        if (from != to) {
          served.add(serve(to, 80 + from));
          sent.add(send(from, to, 80 + from));
          senders.add(from);
        }
      }
    }
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).get()).isTrue();
      assertThat(served.get(i).get()).isEqualTo(content(senders.get(i)));
    }

    assertThat(sw.stations().values()).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(sw.moves()).isZero();
    for (Stack stack : stacks) {
      assertThat(stack.view().drops().getOrDefault(DropReason.NOT_FOR_US, 0L))
          .as("frames for others that came by %s", stack.name())
          .isZero();
    }
  }
}
