package org.penstock.tdi.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;

/** Two stacks, 192.0.2.1 and 192.0.2.2, joined by a cable, and a client on each. */
final class TwoStacks implements AutoCloseable {

  private final Cable cable = new Cable(SystemRuntime.get(), CableOptions.named("wire"));
  private final Stack[] stacks = new Stack[2];
  private final Transport[] transports = new Transport[2];
  private final Client[] clients = new Client[2];

  TwoStacks(ConcurrencyStrategy first, ConcurrencyStrategy second) {
    ConcurrencyStrategy[] strategies = {first, second};
    for (int i = 0; i < 2; i++) {
      String name = i == 0 ? "a" : "b";
      stacks[i] =
          new StackBuilder(name)
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
