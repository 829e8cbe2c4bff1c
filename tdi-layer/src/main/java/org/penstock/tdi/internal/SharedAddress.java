package org.penstock.tdi.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Stack;
import org.penstock.core.api.TcpException;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * An address in use: what all handles opened on it, and all endpoints associated with them, have in
 * common. It lives while one of them does, and its port is held as long.
 *
 * <p>Any thread may call it, but for what is said to be inside its {@linkplain #cell cell}.
 */
final class SharedAddress {

  private final Stack stack;
  private final AddressTable table;
  private final Protocol protocol;
  private final TransportAddress local;
  private final AddressOptions options;
  private final int cell;
  private final AtomicInteger references = new AtomicInteger(1);
  private final AtomicInteger endpoints = new AtomicInteger();
  private final List<AddressHandle> handles = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Listener> listener = new AtomicReference<>();

  /** An address with one reference, whose port is held already. */
  SharedAddress(
      Stack stack,
      AddressTable table,
      Protocol protocol,
      TransportAddress local,
      AddressOptions options,
      int cell) {
    this.stack = stack;
    this.table = table;
    this.protocol = protocol;
    this.local = local;
    this.options = options;
    this.cell = cell;
  }

  Protocol protocol() {
    return protocol;
  }

  TransportAddress local() {
    return local;
  }

  /** What the first opener wanted. */
  AddressOptions options() {
    return options;
  }

  int cell() {
    return cell;
  }

  int handleCount() {
    return handles.size();
  }

  int endpointCount() {
    return endpoints.get();
  }

  /** The hidden listener, null while there is none. */
  @Nullable Listener listener() {
    return listener.get();
  }

  /** Takes a reference; false if the last one is gone, and the address with it. */
  boolean retain() {
    int seen = references.get();
    while (seen > 0) {
      if (references.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = references.get();
    }
    return false;
  }

  /** Gives a reference back. */
  void release() {
    if (references.decrementAndGet() == 0) {
      table.remove(this);
    }
  }

  boolean isGone() {
    return references.get() == 0;
  }

  boolean retainForEndpoint() {
    if (retain()) {
      endpoints.incrementAndGet();
      return true;
    }
    return false;
  }

  void releaseForEndpoint() {
    endpoints.decrementAndGet();
    release();
  }

  void add(AddressHandle handle) {
    handles.add(handle);
  }

  /** Takes a handle away, and its reference; the listener goes with the last one. */
  void remove(AddressHandle handle) {
    handles.remove(handle);
    Listener present = listener.get();
    if (handles.isEmpty() && present != null) {
      present.closeSoon();
    }
    release();
  }

  /** The first handle, in the order of opening, that has a connect handler; null for none. */
  @Nullable AddressHandle connectHandler() {
    for (AddressHandle handle : handles) {
      if (handle.handlers().connect() != null) {
        return handle;
      }
    }
    return null;
  }

  /** Puts an endpoint's listen into the listener's queue; inside the cell. */
  void listen(Operation operation, Endpoint endpoint) {
    Status refusal = Status.INVALID_HANDLE;
    if (!handles.isEmpty()) {
      try {
        openListener().listen(operation);
        return;
      } catch (TcpException e) {
        refusal = Statuses.of(e.failure());
      }
    }
    endpoint.listenEnded();
    endpoint.refuse(operation, refusal);
  }

  /** Listens for a connect handler that was set. */
  void listenForHandler() throws TransportException {
    try {
      openListener().sweep();
    } catch (TcpException e) {
      throw new TransportException(Statuses.of(e.failure()), "listen at " + local);
    }
  }

  /**
   * The listener, made by whoever needs it first; its maker opens it, and others queue meanwhile.
   */
  private Listener openListener() throws TcpException {
    while (true) {
      Listener present = listener.get();
      if (present != null && !present.isClosing()) {
        return present;
      }
      Listener made = new Listener(stack, this);
      if (listener.compareAndSet(present, made)) {
        try {
          made.open();
        } catch (TcpException e) {
          made.fail(Statuses.of(e.failure()));
          throw e;
        }
        return made;
      }
    }
  }
}
