package org.penstock.tdi.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Stack;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Client;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ControlChannel;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Quota;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/** A client of a transport: what it has opened, and what it may open. Any thread may call it. */
final class StackClient implements Client, ClientObject {

  private final StackTransport transport;
  private final Stack stack;
  private final String identity;
  private final Quota quota;
  private final Set<AddressHandle> addresses = ConcurrentHashMap.newKeySet();
  private final Set<EndpointHandle> endpoints = ConcurrentHashMap.newKeySet();
  private final AtomicInteger addressCount = new AtomicInteger();
  private final AtomicInteger endpointCount = new AtomicInteger();
  private final AtomicLong leasedBytes = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  StackClient(StackTransport transport, Stack stack, String identity, Quota quota) {
    this.transport = transport;
    this.stack = stack;
    this.identity = identity;
    this.quota = quota;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public String stackName() {
    return stack.name();
  }

  @Override
  public StackRuntime runtime() {
    return stack.runtime();
  }

  /** True if the transport is closed for good, so that nothing can be submitted any more. */
  boolean isTerminated() {
    return transport.isTerminated();
  }

  @Override
  public AddressFile openAddress(Protocol protocol, TransportAddress local, AddressOptions options)
      throws TransportException {
    String what = "open " + protocol + " " + local;
    requireOpen(what);
    if (!local.address().isAny() && !stack.isLocal(local.address())) {
      throw new TransportException(
          Status.INVALID_PARAMETER, what + ": not an address of stack " + stack.name());
    }
    count(addressCount, quota.addresses(), Status.TOO_MANY_ADDRESSES, what);
    SharedAddress shared;
    try {
      shared = transport.addresses().open(protocol, local, options);
    } catch (TransportException e) {
      addressCount.decrementAndGet();
      throw e;
    }
    AddressHandle handle = new AddressHandle(this, stack.gate(), shared, options);
    handle.open(stack);
    addresses.add(handle);
    if (closed.get()) {
      handle.close();
      throw new TransportException(Status.INVALID_HANDLE, what);
    }
    return handle;
  }

  @Override
  public ConnectionEndpoint openEndpoint(@Nullable Object context) throws TransportException {
    return openEndpointAt(null, context);
  }

  @Override
  public ConnectionEndpoint openEndpoint(AddressFile file, @Nullable Object context)
      throws TransportException {
    return openEndpointAt(AddressHandle.handle(file), context);
  }

  private EndpointHandle openEndpointAt(@Nullable AddressHandle file, @Nullable Object context)
      throws TransportException {
    String what = file == null ? "open an endpoint" : "open an endpoint on " + file;
    requireOpen(what);
    if (file != null && file.protocol() != Protocol.TCP) {
      throw new TransportException(Status.INVALID_PARAMETER, what);
    }
    count(endpointCount, quota.endpoints(), Status.INSUFFICIENT_RESOURCES, what);
    if (file != null && !file.retainForEndpoint()) {
      endpointCount.decrementAndGet();
      throw new TransportException(Status.INVALID_HANDLE, what);
    }
    EndpointHandle handle =
        new EndpointHandle(
            this, stack, transport.nextId(), transport.addresses().drawCell(), context);
    if (file != null) {
      handle.endpoint().associateAtOpen(file);
    }
    endpoints.add(handle);
    if (closed.get()) {
      handle.closeSoon();
      throw new TransportException(Status.INVALID_HANDLE, what);
    }
    return handle;
  }

  private void requireOpen(String what) throws TransportException {
    if (closed.get()) {
      throw new TransportException(
          Status.INVALID_HANDLE, what + ": client " + identity + " of stack " + stack.name());
    }
  }

  private static void count(AtomicInteger open, int limit, Status refusal, String what)
      throws TransportException {
    if (open.incrementAndGet() > limit) {
      open.decrementAndGet();
      throw new TransportException(refusal, what + ": the client's quota is " + limit);
    }
  }

  /** An address file was closed. */
  void forgetAddress(AddressHandle handle) {
    if (addresses.remove(handle)) {
      addressCount.decrementAndGet();
    }
  }

  /** An endpoint was closed. */
  void forgetEndpoint(EndpointHandle handle) {
    if (endpoints.remove(handle)) {
      endpointCount.decrementAndGet();
    }
  }

  @Override
  public ControlChannel openControl() throws TransportException {
    requireOpen("open a control channel");
    return new StackControl(transport, stack);
  }

  @Override
  public @Nullable Chunk lease(int bytes) {
    if (closed.get()) {
      return null;
    }
    Chunk chunk = stack.chunks().lease(bytes);
    if (chunk == null) {
      return null;
    }
    int capacity = chunk.capacity();
    if (leasedBytes.addAndGet(capacity) > quota.leasedBytes()) {
      leasedBytes.addAndGet(-capacity);
      chunk.release();
      return null;
    }
    // The client's own view of it, so that its way home passes the client's account.
    return new Chunk(
        chunk.segment(),
        returned -> {
          leasedBytes.addAndGet(-capacity);
          chunk.release();
        });
  }

  /** Bytes of chunks that are not back in the pool. */
  long leasedBytes() {
    return leasedBytes.get();
  }

  void eachAddress(Consumer<? super AddressHandle> consumer) {
    addresses.forEach(consumer);
  }

  void eachEndpoint(Consumer<? super EndpointHandle> consumer) {
    endpoints.forEach(consumer);
  }

  int addressCount() {
    return addresses.size();
  }

  int endpointCount() {
    return endpoints.size();
  }

  @Override
  public Closing closeSoon() {
    closed.set(true);
    transport.forget(this);
    List<Closing> closings = new ArrayList<>();
    endpoints.forEach(each -> closings.add(each.closeSoon()));
    addresses.forEach(each -> closings.add(each.closeSoon()));
    return deadline -> {
      boolean all = true;
      for (Closing each : closings) {
        all &= each.await(deadline);
      }
      return all;
    };
  }

  @Override
  public void close() {
    closeAndWait(stack.gate());
  }

  @Override
  public String toString() {
    return "Client[" + identity + " of " + stack.name() + "]";
  }
}
