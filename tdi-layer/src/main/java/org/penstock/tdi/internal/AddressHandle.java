package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Gate;
import org.penstock.core.api.IpSettings;
import org.penstock.core.api.Stack;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressInfo;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.ConnectHandler;
import org.penstock.tdi.DatagramHandler;
import org.penstock.tdi.DisconnectHandler;
import org.penstock.tdi.ErrorHandler;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.ReceiveHandler;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendPossibleHandler;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;
import org.penstock.tdi.TroubleHandler;

/**
 * One opener's handle of an address: its event handlers and, for UDP, its datagrams. Any thread may
 * call it.
 */
final class AddressHandle implements AddressFile, ClientObject {

  private final StackClient client;
  private final Gate gate;
  private final SharedAddress shared;
  private final AddressOptions options;
  private final AtomicReference<Handlers> handlers = new AtomicReference<>(Handlers.NONE);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Calls calls = new Calls();
  private final @Nullable DatagramPort datagrams;

  /** A handle on an address of which the caller holds a reference. */
  AddressHandle(StackClient client, Gate gate, SharedAddress shared, AddressOptions options) {
    this.client = client;
    this.gate = gate;
    this.shared = shared;
    this.options = options;
    this.datagrams =
        shared.protocol() == Protocol.UDP ? new DatagramPort(gate, shared.cell(), this) : null;
  }

  /** Begins its life: from now on it counts among the address's handles. */
  void open(Stack stack) {
    if (datagrams != null) {
      // The port of the core outlives the handle by a moment, and holds the address as long.
      shared.retain();
      datagrams.open(stack.udp());
    }
    shared.add(this);
  }

  /** The handle behind a client's file. */
  static AddressHandle handle(AddressFile file) {
    if (file instanceof AddressHandle handle) {
      return handle;
    }
    throw new IllegalArgumentException(
        file + " is not a file of this transport layer: open one by Client.openAddress");
  }

  /** This handle, if endpoints can be associated with it. */
  AddressHandle forConnections() {
    if (shared.protocol() != Protocol.TCP) {
      throw new IllegalArgumentException("an endpoint needs an address file of TCP, not " + this);
    }
    return this;
  }

  SharedAddress shared() {
    return shared;
  }

  AddressOptions options() {
    return options;
  }

  Handlers handlers() {
    return Objects.requireNonNull(handlers.get());
  }

  Calls calls() {
    return calls;
  }

  @Nullable DatagramPort datagrams() {
    return datagrams;
  }

  boolean retainForEndpoint() {
    if (!shared.retainForEndpoint()) {
      return false;
    }
    if (closed.get()) {
      shared.releaseForEndpoint();
      return false;
    }
    return true;
  }

  void releaseForEndpoint() {
    shared.releaseForEndpoint();
  }

  @Override
  public Protocol protocol() {
    return shared.protocol();
  }

  @Override
  public TransportAddress local() {
    return shared.local();
  }

  @Override
  public AddressInfo info() {
    Listener listener = shared.listener();
    boolean listening = listener != null && listener.isListening();
    return new AddressInfo(
        shared.protocol(),
        shared.local(),
        shared.options().shared(),
        client.identity(),
        shared.handleCount(),
        shared.endpointCount(),
        listening,
        listener == null ? 0 : listener.waitingConnections(),
        listener == null ? 0 : listener.waitingListens(),
        datagrams == null ? 0 : datagrams.waitingDatagrams(),
        handlers().names());
  }

  // Event handlers.

  @Override
  public void onConnect(@Nullable ConnectHandler handler) throws TransportException {
    change(Protocol.TCP, present -> present.withConnect(handler));
    if (handler != null) {
      shared.listenForHandler();
    }
  }

  @Override
  public void onDisconnect(@Nullable DisconnectHandler handler) throws TransportException {
    change(Protocol.TCP, present -> present.withDisconnect(handler));
  }

  @Override
  public void onTrouble(@Nullable TroubleHandler handler) throws TransportException {
    change(Protocol.TCP, present -> present.withTrouble(handler));
  }

  @Override
  public void onReceive(@Nullable ReceiveHandler handler) throws TransportException {
    change(Protocol.TCP, present -> present.withReceive(handler));
  }

  @Override
  public void onSendPossible(@Nullable SendPossibleHandler handler) throws TransportException {
    change(Protocol.TCP, present -> present.withSendPossible(handler));
  }

  @Override
  public void onReceiveDatagram(@Nullable DatagramHandler handler) throws TransportException {
    change(Protocol.UDP, present -> present.withDatagram(handler));
    if (datagrams != null) {
      datagrams.sweep();
    }
  }

  @Override
  public void onError(@Nullable ErrorHandler handler) throws TransportException {
    change(shared.protocol(), present -> present.withError(handler));
  }

  private void change(Protocol protocol, UnaryOperator<Handlers> change) throws TransportException {
    if (shared.protocol() != protocol) {
      throw new TransportException(
          Status.INVALID_PARAMETER, "a handler for events of " + protocol + " on " + this);
    }
    handlers.updateAndGet(present -> closed.get() ? Handlers.NONE : change.apply(present));
    if (closed.get()) {
      handlers.set(Handlers.NONE);
      throw new TransportException(Status.INVALID_HANDLE, "a handler on " + this);
    }
  }

  // Datagrams.

  @Override
  public void sendDatagram(
      Request request, TransportAddress remote, MemorySegment source, long offset, long length) {
    sendDatagram(request, remote, source, offset, length, options.ip());
  }

  @Override
  public void sendDatagram(
      Request request,
      TransportAddress remote,
      MemorySegment source,
      long offset,
      long length,
      IpSettings ip) {
    Objects.checkFromIndexSize(offset, length, source.byteSize());
    Operation operation = EndpointHandle.operation(request);
    operation.issue(RequestKind.SEND_DATAGRAM);
    operation.address = remote;
    operation.ip = ip;
    operation.memory = source;
    operation.offset = offset;
    operation.length = length;
    submit(operation);
  }

  @Override
  public void receiveDatagram(
      Request request,
      MemorySegment target,
      long offset,
      long length,
      @Nullable TransportAddress from) {
    Operation operation = EndpointHandle.operation(request);
    prepareReceive(operation, target, offset, length);
    operation.address = from;
    submit(operation);
  }

  /** Issues a receive; nothing is changed if a parameter is refused. */
  static void prepareReceive(Operation operation, MemorySegment target, long offset, long length) {
    Objects.checkFromIndexSize(offset, length, target.byteSize());
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("a receive into memory that is read-only");
    }
    operation.issue(RequestKind.RECEIVE_DATAGRAM);
    operation.memory = target;
    operation.offset = offset;
    operation.length = length;
  }

  private void submit(Operation operation) {
    DatagramPort port = datagrams;
    if (client.isTerminated()) {
      operation.refuse(Status.INVALID_HANDLE);
    } else if (port == null) {
      operation.refuse(Status.INVALID_DEVICE_REQUEST);
    } else {
      operation.submit(port);
    }
  }

  private DatagramPort requireDatagrams(String what) throws TransportException {
    DatagramPort port = datagrams;
    if (port == null) {
      throw new TransportException(Status.INVALID_DEVICE_REQUEST, what + " on " + this);
    }
    return port;
  }

  @Override
  public void sendDatagram(TransportAddress remote, ByteBuffer source) throws TransportException {
    String what = "send datagram to " + remote;
    Blocking call = new Blocking(requireDatagrams(what), what, null);
    MemorySegment memory = MemorySegment.ofBuffer(source);
    sendDatagram(call.operation(), remote, memory, 0, memory.byteSize());
    call.await();
    source.position(source.limit());
  }

  @Override
  public TransportAddress receiveDatagram(ByteBuffer target, Duration timeout)
      throws TransportException {
    String what = "receive datagram";
    Blocking call = new Blocking(requireDatagrams(what), what, timeout);
    MemorySegment memory = MemorySegment.ofBuffer(target);
    receiveDatagram(call.operation(), memory, 0, memory.byteSize(), null);
    try {
      call.await();
    } finally {
      target.position(target.position() + (int) call.operation().count());
    }
    return Objects.requireNonNull(call.operation().remote());
  }

  @Override
  public CompletionStage<Long> sendDatagramAsync(TransportAddress remote, ByteBuffer source) {
    StagedOperation<Long> stage =
        new StagedOperation<>(
            "send datagram to " + remote,
            request -> {
              source.position(source.limit());
              return request.count();
            });
    MemorySegment memory = MemorySegment.ofBuffer(source);
    sendDatagram(stage.operation(), remote, memory, 0, memory.byteSize());
    return stage;
  }

  @Override
  public CompletionStage<TransportAddress> receiveDatagramAsync(ByteBuffer target) {
    StagedOperation<TransportAddress> stage =
        new StagedOperation<>(
            "receive datagram",
            request -> {
              target.position(target.position() + (int) request.count());
              return Objects.requireNonNull(request.remote());
            });
    MemorySegment memory = MemorySegment.ofBuffer(target);
    receiveDatagram(stage.operation(), memory, 0, memory.byteSize(), null);
    return stage;
  }

  // The end.

  @Override
  public Closing closeSoon() {
    Closing datagramsClosed = deadline -> true;
    if (closed.compareAndSet(false, true)) {
      handlers.set(Handlers.NONE);
      calls.close();
      if (datagrams != null) {
        datagramsClosed = datagrams.closeSoon();
      }
      shared.remove(this);
      client.forgetAddress(this);
    }
    Closing first = datagramsClosed;
    return deadline -> first.await(deadline) && calls.awaitNone(gate, shared.cell(), deadline);
  }

  @Override
  public void close() {
    closeAndWait(gate);
  }

  @Override
  public String toString() {
    return "AddressFile[" + shared.protocol() + " " + shared.local() + "]";
  }
}
