package org.penstock.tdi.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.core.api.Stack;
import org.penstock.tdi.AddressInfo;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionInfo;
import org.penstock.tdi.Quota;
import org.penstock.tdi.Transport;

/** The transport layer over one stack: its clients and the addresses in use. */
public final class StackTransport implements Transport {

  /** How long closing may take, in nanoseconds. */
  private static final long CLOSE_NANOS = 3_000_000_000L;

  private final Stack stack;
  private final AddressTable addresses;
  private final Set<StackClient> clients = ConcurrentHashMap.newKeySet();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean terminated;

  /** A transport without clients. */
  public StackTransport(Stack stack) {
    this.stack = stack;
    this.addresses = new AddressTable(stack);
  }

  AddressTable addresses() {
    return addresses;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  boolean isTerminated() {
    return terminated;
  }

  @Override
  public String stackName() {
    return stack.name();
  }

  @Override
  public Client client(String identity, Quota quota) {
    StackClient client = new StackClient(this, stack, identity, quota);
    clients.add(client);
    if (closed.get()) {
      client.close();
      throw new IllegalStateException(
          "the transport of stack " + stack.name() + " was closed: no client can be opened");
    }
    return client;
  }

  void forget(StackClient client) {
    clients.remove(client);
  }

  int clientCount() {
    return clients.size();
  }

  @Override
  public List<AddressInfo> addressFiles() {
    List<AddressInfo> infos = new ArrayList<>();
    clients.forEach(client -> client.eachAddress(each -> infos.add(each.info())));
    infos.sort(
        Comparator.comparing(AddressInfo::protocol)
            .thenComparing(info -> info.local().port())
            .thenComparing(info -> info.local().address()));
    return infos;
  }

  @Override
  public List<ConnectionInfo> endpoints() {
    List<ConnectionInfo> infos = new ArrayList<>();
    clients.forEach(client -> client.eachEndpoint(each -> infos.add(each.info())));
    infos.sort(Comparator.comparingLong(ConnectionInfo::id));
    return infos;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<ClientObject.Closing> closings = new ArrayList<>();
    clients.forEach(each -> closings.add(each.closeSoon()));
    boolean parked = stack.gate().strategy().isEmpty();
    if (ExecutionLevel.current() == ExecutionLevel.PASSIVE && !parked) {
      long deadline = stack.runtime().nanoTime() + CLOSE_NANOS;
      closings.forEach(each -> each.await(deadline));
    }
    terminated = true;
  }
}
