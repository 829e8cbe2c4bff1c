package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.Stack;
import org.penstock.core.api.TcpSettings;
import org.penstock.tdi.AddressFile;
import org.penstock.tdi.AddressInfo;
import org.penstock.tdi.ConnectionEndpoint;
import org.penstock.tdi.ConnectionInfo;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.Request;
import org.penstock.tdi.SendFlags;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * What a client holds of an endpoint: turns calls into operations and submits them. It checks what
 * can be checked without knowing the state; any thread may call it.
 */
final class EndpointHandle implements ConnectionEndpoint, ClientObject {

  private final StackClient client;
  private final long id;
  private final @Nullable Object context;
  private final Endpoint endpoint;

  EndpointHandle(StackClient client, Stack stack, long id, int cell, @Nullable Object context) {
    this.client = client;
    this.id = id;
    this.context = context;
    this.endpoint = new Endpoint(stack, cell, this);
  }

  /** The engine behind a client's endpoint. */
  static Endpoint endpoint(ConnectionEndpoint endpoint) {
    if (endpoint instanceof EndpointHandle handle) {
      return handle.endpoint;
    }
    throw new IllegalArgumentException(
        endpoint + " is not an endpoint of this transport layer: open one by Client.openEndpoint");
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The operation that a client's request is. */
  static Operation operation(Request request) {
    if (request instanceof Operation operation) {
      return operation;
    }
    throw new IllegalArgumentException(
        request + " is not a request of this transport layer: make one by Request.of");
  }

  /** Issues a receive; nothing is changed if a parameter is refused. */
  static void prepareReceive(
      Operation operation, MemorySegment target, long offset, long length, int flags) {
    Objects.checkFromIndexSize(offset, length, target.byteSize());
    if (length == 0) {
      throw new IllegalArgumentException("a receive into 0 bytes can't tell data from its end");
    }
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("a receive into memory that is read-only");
    }
    operation.issue(RequestKind.RECEIVE);
    operation.memory = target;
    operation.offset = offset;
    operation.length = length;
    operation.flags = flags;
  }

  @Override
  public @Nullable Object context() {
    return context;
  }

  @Override
  public EndpointState state() {
    return endpoint.state();
  }

  @Override
  public ConnectionInfo info() {
    Flow flow = endpoint.flow();
    AddressHandle file = endpoint.file();
    Inbound inbound = endpoint.inbound();
    TransportAddress bound = file == null ? null : file.local();
    return new ConnectionInfo(
        id,
        client.identity(),
        endpoint.state(),
        flow == null ? bound : flow.local(),
        flow == null ? null : flow.remote(),
        endpoint.outbound().bytes(),
        inbound == null ? 0 : inbound.bytes(),
        endpoint.outbound().waiting(),
        inbound == null ? 0 : inbound.waiting(),
        flow == null ? 0 : flow.receivedDscp(),
        endpoint.cell());
  }

  @Override
  public AddressInfo addressInfo() throws TransportException {
    AddressHandle file = endpoint.file();
    if (file == null) {
      throw new TransportException(Status.ADDRESS_NOT_ASSOCIATED, toString());
    }
    return file.info();
  }

  // The requests.

  @Override
  public void associate(Request request, AddressFile file) {
    Operation operation = operation(request);
    AddressHandle handle = AddressHandle.handle(file).forConnections();
    operation.issue(RequestKind.ASSOCIATE);
    operation.file = handle;
    submit(operation);
  }

  @Override
  public void disassociate(Request request) {
    submit(operation(request), RequestKind.DISASSOCIATE);
  }

  @Override
  public void connect(Request request, TransportAddress remote, @Nullable Duration timeout) {
    long nanos = nanos(timeout);
    Operation operation = operation(request);
    operation.issue(RequestKind.CONNECT);
    operation.address = remote;
    operation.timeoutNanos = nanos;
    submit(operation);
  }

  @Override
  public void listen(Request request, ListenOptions options) {
    Operation operation = operation(request);
    operation.issue(RequestKind.LISTEN);
    operation.listen = options;
    submit(operation);
  }

  @Override
  public void accept(Request request) {
    submit(operation(request), RequestKind.ACCEPT);
  }

  @Override
  public void disconnect(Request request, Disconnect how, @Nullable Duration timeout) {
    long nanos = nanos(timeout);
    Operation operation = operation(request);
    operation.issue(how == Disconnect.ABORT ? RequestKind.ABORT : RequestKind.RELEASE);
    operation.timeoutNanos = nanos;
    submit(operation);
  }

  @Override
  public void send(Request request, MemorySegment source, long offset, long length, int flags) {
    Objects.checkFromIndexSize(offset, length, source.byteSize());
    Operation operation = operation(request);
    operation.issue(RequestKind.SEND);
    operation.memory = source;
    operation.offset = offset;
    operation.length = length;
    operation.flags = flags;
    submit(operation);
  }

  @Override
  public void send(Request request, Chunk chunk, int offset, int length, int flags) {
    Objects.checkFromIndexSize(offset, length, chunk.capacity());
    Operation operation = operation(request);
    operation.issue(RequestKind.SEND);
    operation.chunk = chunk;
    operation.offset = offset;
    operation.length = length;
    operation.flags = flags;
    submit(operation);
  }

  @Override
  public void receive(Request request, MemorySegment target, long offset, long length, int flags) {
    Operation operation = operation(request);
    prepareReceive(operation, target, offset, length, flags);
    endpoint.postReceive();
    submit(operation);
  }

  @Override
  public void configure(Request request, TcpSettings settings) {
    Operation operation = operation(request);
    operation.issue(RequestKind.CONNECTION_INFO);
    operation.settings = settings;
    submit(operation);
  }

  private void submit(Operation operation, RequestKind kind) {
    operation.issue(kind);
    submit(operation);
  }

  private void submit(Operation operation) {
    if (client.isTerminated()) {
      operation.refuse(Status.INVALID_HANDLE);
    } else {
      operation.submit(endpoint);
    }
  }

  // The blocking forms.

  @Override
  public void associate(AddressFile file) throws TransportException {
    Blocking call = new Blocking(endpoint, "associate with " + file.local(), null);
    associate(call.operation(), file);
    call.await();
  }

  @Override
  public void disassociate() throws TransportException {
    Blocking call = new Blocking(endpoint, "disassociate", null);
    disassociate(call.operation());
    call.await();
  }

  @Override
  public void connect(TransportAddress remote, @Nullable Duration timeout)
      throws TransportException {
    Blocking call = new Blocking(endpoint, "connect to " + remote, timeout);
    connect(call.operation(), remote, null);
    call.await();
  }

  @Override
  public TransportAddress listen(ListenOptions options, @Nullable Duration timeout)
      throws TransportException {
    Blocking call = new Blocking(endpoint, "listen", timeout);
    listen(call.operation(), options);
    call.await();
    return Objects.requireNonNull(call.operation().remote());
  }

  @Override
  public void accept() throws TransportException {
    Blocking call = new Blocking(endpoint, "accept", null);
    accept(call.operation());
    call.await();
  }

  @Override
  public void send(MemorySegment source, long offset, long length, @Nullable Duration timeout)
      throws TransportException {
    Blocking call = new Blocking(endpoint, "send", timeout);
    send(call.operation(), source, offset, length, SendFlags.NONE);
    call.await();
  }

  @Override
  public void send(ByteBuffer source, @Nullable Duration timeout) throws TransportException {
    send(MemorySegment.ofBuffer(source), 0, source.remaining(), timeout);
    source.position(source.limit());
  }

  @Override
  public void send(Chunk chunk, int offset, int length, @Nullable Duration timeout)
      throws TransportException {
    Blocking call = new Blocking(endpoint, "send", timeout);
    send(call.operation(), chunk, offset, length, SendFlags.NONE);
    call.await();
  }

  @Override
  public long receive(MemorySegment target, long offset, long length, @Nullable Duration timeout)
      throws TransportException {
    Blocking call = new Blocking(endpoint, "receive", timeout);
    receive(call.operation(), target, offset, length, ReceiveFlags.NORMAL);
    return call.await();
  }

  @Override
  public int receive(ByteBuffer target, @Nullable Duration timeout) throws TransportException {
    MemorySegment memory = MemorySegment.ofBuffer(target);
    int count = (int) receive(memory, 0, memory.byteSize(), timeout);
    target.position(target.position() + count);
    return count;
  }

  @Override
  public void disconnect(Disconnect how, @Nullable Duration timeout) throws TransportException {
    Blocking call = new Blocking(endpoint, "disconnect", timeout);
    disconnect(call.operation(), how, null);
    call.await();
  }

  // The staged forms.

  @Override
  public CompletionStage<TransportAddress> connectAsync(
      TransportAddress remote, @Nullable Duration timeout) {
    StagedOperation<TransportAddress> stage =
        new StagedOperation<>("connect to " + remote, request -> remote);
    connect(stage.operation(), remote, timeout);
    return stage;
  }

  @Override
  public CompletionStage<TransportAddress> listenAsync(ListenOptions options) {
    StagedOperation<TransportAddress> stage =
        new StagedOperation<>("listen", request -> Objects.requireNonNull(request.remote()));
    listen(stage.operation(), options);
    return stage;
  }

  @Override
  public CompletionStage<Long> sendAsync(ByteBuffer source) {
    StagedOperation<Long> stage =
        new StagedOperation<>("send", request -> advance(source, request.count()));
    MemorySegment memory = MemorySegment.ofBuffer(source);
    send(stage.operation(), memory, 0, memory.byteSize(), SendFlags.NONE);
    return stage;
  }

  @Override
  public CompletionStage<Long> sendAsync(Chunk chunk, int offset, int length) {
    StagedOperation<Long> stage = new StagedOperation<>("send", Request::count);
    send(stage.operation(), chunk, offset, length, SendFlags.NONE);
    return stage;
  }

  @Override
  public CompletionStage<Long> receiveAsync(ByteBuffer target) {
    StagedOperation<Long> stage =
        new StagedOperation<>("receive", request -> advance(target, request.count()));
    MemorySegment memory = MemorySegment.ofBuffer(target);
    receive(stage.operation(), memory, 0, memory.byteSize(), ReceiveFlags.NORMAL);
    return stage;
  }

  @Override
  public CompletionStage<Long> disconnectAsync(Disconnect how) {
    StagedOperation<Long> stage = new StagedOperation<>("disconnect", Request::count);
    disconnect(stage.operation(), how, null);
    return stage;
  }

  private static long advance(ByteBuffer buffer, long count) {
    buffer.position(buffer.position() + (int) count);
    return count;
  }

  private static long nanos(@Nullable Duration timeout) {
    return timeout == null ? StackRuntime.NEVER : Blocking.nanos(timeout);
  }

  // The end.

  /** The endpoint was closed; inside its cell. */
  void closed() {
    client.forgetEndpoint(this);
  }

  @Override
  public Closing closeSoon() {
    Operation operation = new Operation(null);
    Waiter waiter = operation.waitedFor(endpoint);
    operation.issue(RequestKind.CLOSE);
    submit(operation);
    return deadlineNanos -> endpoint.awaitClosed(operation, waiter, deadlineNanos);
  }

  @Override
  public void close() {
    closeAndWait(endpoint.gate());
  }

  @Override
  public String toString() {
    return "ConnectionEndpoint[" + id + " of " + client.identity() + " " + state() + "]";
  }
}
