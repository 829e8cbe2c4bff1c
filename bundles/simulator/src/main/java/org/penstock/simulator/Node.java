package org.penstock.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.ConcurrencyStrategy;
import org.penstock.api.netif.Netif;
import org.penstock.api.view.MemoryView;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.Slot;
import org.penstock.core.api.SlotSettings;
import org.penstock.core.api.Stack;
import org.penstock.core.api.StackBuilder;
import org.penstock.tdi.Client;
import org.penstock.tdi.Transport;

/** A simulated host: a stack with one interface, and a client of its transport layer. */
final class Node implements AutoCloseable {

  private final Stack stack;
  private final Slot slot;
  private Netif netif;
  private final Transport transport;
  private final Client client;
  private int ranking;

  /** A host on a cable. */
  Node(StackBuilder builder, ConcurrencyStrategy strategy, Netif netif, String prefix) {
    this(builder, strategy, netif, SlotSettings.of("net0", prefix));
  }

  /** A host with an interface as set. */
  Node(StackBuilder builder, ConcurrencyStrategy strategy, Netif netif, SlotSettings settings) {
    this.stack = builder.strategy(strategy).sentinel(true).build();
    this.slot = stack.addSlot(settings);
    this.netif = netif;
    String refusal = slot.offer(netif, 0);
    if (refusal != null) {
      stack.close();
      throw new IllegalStateException(refusal);
    }
    this.transport = Transport.of(stack);
    this.client = transport.client("simulation");
  }

  Stack stack() {
    return stack;
  }

  Client client() {
    return client;
  }

  /** All PCBs at this moment. */
  List<PcbView> pcbs() {
    List<PcbView> pcbs = new ArrayList<>();
    stack.view().pcbs(pcbs::add);
    return pcbs;
  }

  /** Has another driver take over before the present one goes; returns why not, or null. */
  @Nullable String takeOver(Netif next) {
    String refusal = slot.offer(next, ++ranking);
    if (refusal == null) {
      slot.withdraw(netif);
      netif = next;
    }
    return refusal;
  }

  /** Puts a cable's end in where there is none; returns why not, or null. */
  @Nullable String attach(Netif next) {
    netif = next;
    return slot.offer(next, ranking);
  }

  /** Takes the cable's end out of the stack, with what it holds. */
  void detach() {
    slot.withdraw(netif);
  }

  /** Landings that are in no pool: none once the cable is detached. */
  int landingsOut() {
    MemoryView memory = stack.view().memory();
    return memory.landingsTotal() - memory.landingsFree();
  }

  /** Bytes of chunks that are in no pool. */
  long chunkBytesOut() {
    MemoryView memory = stack.view().memory();
    return memory.chunkBytes() - memory.chunkBytesFree();
  }

  @Override
  public void close() {
    transport.close();
    stack.close();
  }
}
