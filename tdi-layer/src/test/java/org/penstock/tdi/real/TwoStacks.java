package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.api.Chunk;
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
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Transport;
import org.penstock.tdi.TransportException;

/** Two stacks, 192.0.2.1 and 192.0.2.2, joined by a cable, and a client on each. */
final class TwoStacks implements AutoCloseable {

  private final Cable cable;
  private final Stack[] stacks = new Stack[2];
  private final Transport[] transports = new Transport[2];
  private final Client[] clients = new Client[2];

  TwoStacks(ConcurrencyStrategy first, ConcurrencyStrategy second) {
    this(SystemRuntime.get(), first, second);
  }

  TwoStacks(StackRuntime runtime, ConcurrencyStrategy first, ConcurrencyStrategy second) {
    cable = new Cable(runtime, CableOptions.named("wire"));
    ConcurrencyStrategy[] strategies = {first, second};
    for (int i = 0; i < 2; i++) {
      String name = i == 0 ? "a" : "b";
      stacks[i] =
          new StackBuilder(name)
              .runtime(runtime)
              .strategy(strategies[i])
              .sentinel(true)
              .timeWait(50_000_000L)
              .build();
      stacks[i].addSlot(SlotSettings.of("net0", "192.0.2." + (i + 1) + "/24"));
      assertThat(stacks[i].slot("net0").offer(cable.end(i), 0)).isNull();
      transports[i] = Transport.of(stacks[i]);
      clients[i] = transports[i].client("test-" + name);
    }
  }

  Stack stack(int index) {
    return stacks[index];
  }

  Transport transport(int index) {
    return transports[index];
  }

  Client client(int index) {
    return clients[index];
  }

  /** A stack's end of the cable, which its {@code net0} is bound to. */
  Netif end(int index) {
    return cable.end(index);
  }

  /** Sends back what comes to a port of the second stack; a release is answered by one. */
  AddressFile echo(int port) throws TransportException {
    Client server = clients[1];
    AddressFile file = server.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", port));
    file.onReceive((endpoint, data) -> {
      int length = Math.min(data.length(), 64 * 1024);
      Chunk chunk = server.lease(length);
      length = Math.min(length, chunk.capacity());
      MemorySegment.copy(data.segment(), data.offset(), chunk.segment(), 0, length);
      endpoint.send(Request.of((r, s, c) -> {}), chunk, 0, length, SendFlags.NONE);
      data.took(length);
    });
    file.onDisconnect((endpoint, how, status) -> {
      if (how == Disconnect.RELEASE) {
        endpoint.disconnect(Request.of((r, s, c) -> endpoint.close()), Disconnect.RELEASE, null);
      } else {
        endpoint.close();
      }
    });
    file.onConnect(offer -> offer.accept(server.openEndpoint(file, null)));
    return file;
  }

  /** Waits until no endpoint is associated with an address. */
  static void awaitNoEndpoints(AddressFile file) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (file.info().endpoints() > 0) {
      assertThat(System.nanoTime()).as("%s", file.info()).isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  /** An endpoint of the first stack, with an address file of its own. */
  ConnectionEndpoint open() throws TransportException {
    AddressFile file = clients[0].openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
    return clients[0].openEndpoint(file, null);
  }

  @Override
  public void close() {
    for (int i = 0; i < 2; i++) {
      transports[i].close();
    }
    for (Stack stack : stacks) {
      assertThat(stack.view().checkInvariants()).isEmpty();
      assertThat(stack.view().counters())
          .containsEntry(org.penstock.api.view.Counter.HANDLER_EXCEPTIONS, 0L)
          .containsEntry(org.penstock.api.view.Counter.SECTION_EXCEPTIONS, 0L);
      stack.close();
    }
  }
}
