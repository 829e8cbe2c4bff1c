package org.penstock.tdi.internal;

import static org.penstock.tdi.EndpointState.BOUND;
import static org.penstock.tdi.EndpointState.CONNECTED;
import static org.penstock.tdi.EndpointState.CONNECTING;
import static org.penstock.tdi.EndpointState.IDLE;
import static org.penstock.tdi.EndpointState.LISTENING;
import static org.penstock.tdi.EndpointState.OFFERED;
import static org.penstock.tdi.EndpointState.PEER_RELEASED;
import static org.penstock.tdi.EndpointState.RELEASED;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Stack;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpSettings;
import org.penstock.tdi.Disconnect;
import org.penstock.tdi.DisconnectHandler;
import org.penstock.tdi.EndpointState;
import org.penstock.tdi.Status;
import org.penstock.tdi.TroubleHandler;

/**
 * The state machine of a connection endpoint. What a request does in which state stands in {@link
 * StateTable}; here stands how.
 *
 * <p>Its home is a cell: any at first, the listener's while it listens, its connection's while it
 * has one and afterwards. Everything but the volatile snapshots is owned by that cell.
 *
 * <p>The peer's FIN counts once the client was told: by the disconnect event, or by a receive of 0
 * bytes. Until then an endpoint that has released stays in R1 (R2), so that whoever reads to the
 * end gets there, whichever way the two FINs cross.
 */
final class Endpoint extends Resident {

  /** How long an offer waits for its answer. */
  static final long OFFER_NANOS = 30_000_000_000L;

  private final Stack stack;
  private final EndpointHandle handle;
  private final Outbound outbound = new Outbound();
  private final OperationList releases = new OperationList();

  private volatile EndpointState state = IDLE;
  private volatile @Nullable AddressHandle file;
  private volatile @Nullable Flow flow;
  private volatile @Nullable Inbound inbound;
  private volatile boolean closed;
  private final AtomicInteger receivesPosted = new AtomicInteger();

  private @Nullable Operation connecting;
  private @Nullable CellTimer timer;
  private @Nullable TcpSettings settings;
  private Handlers handlersAtConnect = Handlers.NONE;
  private int listens;
  private boolean releasing;
  private boolean endIndicated;
  private boolean endPassed;

  Endpoint(Stack stack, int cell, EndpointHandle handle) {
    super(stack.gate(), cell);
    this.stack = stack;
    this.handle = handle;
  }

  /** Associates it before anybody else knows of it. */
  void associateAtOpen(AddressHandle address) {
    file = address;
    state = BOUND;
  }

  EndpointHandle handle() {
    return handle;
  }

  EndpointState state() {
    return state;
  }

  @Nullable AddressHandle file() {
    return file;
  }

  @Nullable Flow flow() {
    return flow;
  }

  Outbound outbound() {
    return outbound;
  }

  @Nullable Inbound inbound() {
    return inbound;
  }

  boolean isClosed() {
    return closed;
  }

  /** True if this is the connection it has. */
  boolean isAt(Flow other) {
    return flow == other;
  }

  /** A receive is about to be submitted; any thread. */
  void postReceive() {
    receivesPosted.incrementAndGet();
  }

  /** How many receives were submitted so far; any thread. */
  int receivesPosted() {
    return receivesPosted.get();
  }

  /** True if there is somebody to show data to. */
  boolean showsData() {
    AddressHandle address = file;
    return state != OFFERED && address != null && address.handlers().receive() != null;
  }

  /** Ends an operation that has not begun. */
  void refuse(Operation operation, Status status) {
    if (operation.begin()) {
      operation.finish(status, 0);
    } else {
      operation.dropped();
    }
  }

  // Requests.

  @Override
  void execute(Operation operation) {
    if (operation.kind == RequestKind.CLOSE) {
      close(operation);
      return;
    }
    Rule rule = StateTable.rule(operation.kind, state);
    Status refusal = closed ? Status.INVALID_HANDLE : rule.status();
    if (refusal != Status.SUCCESS) {
      if (operation.kind == RequestKind.TAKE) {
        refuseFlow(operation);
      }
      operation.finish(refusal, 0);
      return;
    }
    switch (operation.kind) {
      case ASSOCIATE -> associate(operation);
      case DISASSOCIATE -> disassociate(operation);
      case CONNECT -> connect(operation);
      case LISTEN -> listen(operation);
      case TAKE -> take(operation);
      case ACCEPT -> accept(operation);
      case ABORT -> abort(operation);
      case RELEASE -> release(operation);
      case SEND -> send(operation);
      case RECEIVE -> receive(operation);
      case CONNECTION_INFO -> configure(operation);
      default -> operation.finish(Status.INVALID_DEVICE_REQUEST, 0);
    }
  }

  @Override
  void cancelled(Operation operation) {
    if (operation.kind == RequestKind.TAKE) {
      // Nobody else has the connection that was offered.
      refuseFlow(operation);
    }
    super.cancelled(operation);
  }

  private void associate(Operation operation) {
    AddressHandle address = operation.file;
    if (address == null || !address.retainForEndpoint()) {
      operation.finish(Status.INVALID_HANDLE, 0);
      return;
    }
    file = address;
    state = BOUND;
    operation.finish(Status.SUCCESS, 0);
  }

  private void disassociate(Operation operation) {
    leaveFile();
    state = IDLE;
    operation.finish(Status.SUCCESS, 0);
  }

  private void leaveFile() {
    AddressHandle address = file;
    file = null;
    if (address != null) {
      address.releaseForEndpoint();
    }
  }

  private void connect(Operation operation) {
    AddressHandle address = file;
    TransportAddress remote = operation.address;
    if (address == null || remote == null || !isConnectable(remote, address.local())) {
      operation.finish(Status.INVALID_ADDRESS, 0);
      return;
    }
    IpAddress own = address.local().address();
    IpAddress source = own.isAny() ? stack.sourceFor(remote.address()) : own;
    if (source == null) {
      operation.finish(Status.NETWORK_UNREACHABLE, 0);
      return;
    }
    TransportAddress local = new TransportAddress(source, address.local().port());
    Flow opened = new Flow(local, remote, stack.tcp().cellOf(local, remote), this);
    state = CONNECTING;
    begin(opened, address);
    operation.pause();
    connecting = operation;
    move(opened.cell(), () -> open(opened, address));
  }

  private static boolean isConnectable(TransportAddress remote, TransportAddress local) {
    IpAddress address = remote.address();
    return remote.port() != 0
        && !address.isAny()
        && !address.isMulticast()
        && !address.isLimitedBroadcast()
        && address.isIpv4() == local.address().isIpv4();
  }

  /** The first step in the flow's own cell. */
  private void open(Flow opened, AddressHandle address) {
    try {
      TcpSettings wanted = settings == null ? address.options().settings() : settings;
      opened.opened(stack.tcp().connect(opened.local(), opened.remote(), wanted, opened));
    } catch (TcpException e) {
      opened.detach();
      endFlow(Statuses.of(e.failure()));
      return;
    }
    Operation operation = connecting;
    if (operation != null && operation.timeoutNanos != StackRuntime.NEVER) {
      arm(operation.timeoutNanos, () -> abortFlow(Status.IO_TIMEOUT));
    }
  }

  private void listen(Operation operation) {
    AddressHandle address = file;
    if (address == null) {
      operation.finish(Status.ADDRESS_NOT_ASSOCIATED, 0);
      return;
    }
    operation.pause();
    listens++;
    state = LISTENING;
    move(address.shared().cell(), () -> address.shared().listen(operation, this));
  }

  /** A listen of this endpoint was ended by its listener; inside their common cell. */
  void listenEnded() {
    if (--listens == 0) {
      state = BOUND;
    }
  }

  /** A listen of this endpoint gets a connection; inside the cell it shares with the listener. */
  void served(Operation operation, Flow arrived, Listener by) {
    listens--;
    if (listens > 0) {
      by.endListens(this, other -> true, Status.INVALID_CONNECTION);
    }
    adopt(operation, arrived, operation.listen.queryAccept() ? OFFERED : CONNECTED);
  }

  private void take(Operation operation) {
    AddressHandle address = file;
    Flow arrived = operation.flow;
    Listener origin = arrived == null ? null : arrived.origin();
    if (arrived == null
        || origin == null
        || address == null
        || origin.address() != address.shared()) {
      refuseFlow(operation);
      operation.finish(Status.INVALID_PARAMETER, 0);
      return;
    }
    origin.taken();
    adopt(operation, arrived, CONNECTED);
  }

  private static void refuseFlow(Operation operation) {
    Flow arrived = operation.flow;
    Listener origin = arrived == null ? null : arrived.origin();
    if (arrived != null && origin != null) {
      origin.refuse(arrived);
    }
  }

  private void adopt(Operation operation, Flow arrived, EndpointState next) {
    state = next;
    AddressHandle address = file;
    if (address != null) {
      begin(arrived, address);
    }
    move(arrived.cell(), () -> attach(operation, arrived));
  }

  /** The first step in the cell of a connection that the peer opened. */
  private void attach(Operation operation, Flow arrived) {
    arrived.attach(this);
    TcpConnection connection = arrived.connection();
    if (connection != null && settings != null) {
      connection.settings(settings);
    }
    operation.finish(Status.SUCCESS, 0, arrived.remote());
    if (state == OFFERED && arrived.failure() == null) {
      arm(OFFER_NANOS, () -> abortFlow(Status.IO_TIMEOUT));
    } else {
      catchUp(arrived);
    }
  }

  private void accept(Operation operation) {
    disarm();
    state = CONNECTED;
    operation.finish(Status.SUCCESS, 0);
    Flow present = flow;
    if (present != null) {
      catchUp(present);
    }
  }

  /** Looks at what the connection was told while it had no endpoint that takes data. */
  private void catchUp(Flow present) {
    TcpFailure failure = present.failure();
    if (failure != null) {
      failed(present, failure);
    } else if (present.isPeerReleased()) {
      peerReleased(present);
    } else {
      received(present);
    }
  }

  private void abort(Operation operation) {
    if (state == LISTENING) {
      endListens(Status.CANCELLED);
    } else {
      abortFlow(Status.REQUEST_ABORTED);
    }
    operation.finish(Status.SUCCESS, 0);
  }

  private void release(Operation operation) {
    Flow present = flow;
    if (present == null || state == OFFERED) {
      abortFlow(Status.REQUEST_ABORTED);
      operation.finish(Status.SUCCESS, 0);
      return;
    }
    if (state == CONNECTED) {
      state = RELEASED;
    }
    releasing = true;
    operation.pause();
    releases.add(operation);
    if (operation.timeoutNanos != StackRuntime.NEVER) {
      arm(operation.timeoutNanos, () -> releases.finishAll(Status.IO_TIMEOUT));
    }
    advanceSends(present);
    if (present.isReleaseAcknowledged()) {
      releaseAcknowledged(present);
    }
  }

  private void send(Operation operation) {
    Flow present = flow;
    TcpConnection connection = present == null ? null : present.connection();
    if (present == null || connection == null || releasing) {
      operation.finish(Status.INVALID_CONNECTION, 0);
    } else {
      outbound.send(operation, connection);
    }
  }

  private void receive(Operation operation) {
    Inbound present = inbound;
    if (present == null) {
      operation.finish(Status.INVALID_CONNECTION, 0);
    } else {
      present.receive(operation);
      settleEnd();
    }
  }

  private void configure(Operation operation) {
    settings = operation.settings;
    Flow present = flow;
    TcpConnection connection = present == null ? null : present.connection();
    if (connection != null && settings != null) {
      connection.settings(settings);
    }
    operation.finish(Status.SUCCESS, 0);
  }

  private void close(Operation operation) {
    if (!closed) {
      closed = true;
      if (state == LISTENING) {
        endListens(Status.CANCELLED);
      }
      endFlow(Status.CANCELLED);
      leaveFile();
      state = IDLE;
      handle.closed();
    }
    operation.finish(Status.SUCCESS, 0);
  }

  private void endListens(Status status) {
    AddressHandle address = file;
    Listener listener = address == null ? null : address.shared().listener();
    if (listener != null) {
      listener.endListens(this, each -> true, status);
    }
  }

  @Override
  void endUnwanted() {
    Operation opening = connecting;
    if (opening != null && opening.isUnwanted()) {
      abortFlow(Status.CANCELLED);
    }
    AddressHandle address = file;
    Listener listener = address == null ? null : address.shared().listener();
    if (state == LISTENING && listener != null) {
      listener.endListens(this, Operation::isUnwanted, Status.CANCELLED);
    }
    outbound.sweep();
    releases.sweep();
    Inbound receiver = inbound;
    if (receiver != null) {
      receiver.sweep();
    }
    Flow present = flow;
    if (present != null) {
      advanceSends(present);
    }
    settleEnd();
  }

  // What the connection tells; inside its cell, which is this endpoint's home.

  void connected(Flow of) {
    Operation operation = connecting;
    if (flow != of || operation == null) {
      return;
    }
    disarm();
    if (!operation.begin()) {
      abortFlow(Status.IO_TIMEOUT);
      return;
    }
    connecting = null;
    state = CONNECTED;
    operation.finish(Status.SUCCESS, 0, of.remote());
    received(of);
  }

  void troubled(Flow of, TcpFailure why) {
    TroubleHandler handler = troubleHandler();
    if (flow == of && handler != null) {
      deliverLater(new TroubleEvent(this, handler, Statuses.of(why)));
    }
  }

  void received(Flow of) {
    Inbound receiver = inbound;
    if (flow == of && receiver != null && state != OFFERED) {
      receiver.advance();
      settleEnd();
    }
  }

  /** The receiving side goes on by itself: its event has come back. */
  void inboundAdvanced(Inbound receiver) {
    receiver.advance();
    settleEnd();
  }

  void acknowledged(Flow of) {
    if (flow == of) {
      advanceSends(of);
    }
  }

  void peerReleased(Flow of) {
    if (flow != of) {
      return;
    }
    if (state == CONNECTED) {
      state = PEER_RELEASED;
    }
    received(of);
  }

  void releaseAcknowledged(Flow of) {
    if (flow == of) {
      disarm();
      releases.finishAll(Status.SUCCESS);
      settleEnd();
    }
  }

  void closed(Flow of, TcpConnection connection) {
    Inbound receiver = inbound;
    if (flow == of && receiver != null) {
      receiver.drain(connection);
      receiver.advance();
      releaseAcknowledged(of);
    }
  }

  void failed(Flow of, TcpFailure failure) {
    if (flow != of) {
      return;
    }
    boolean told = connecting == null;
    Status status = Statuses.of(failure);
    endFlow(status, false);
    DisconnectHandler handler = disconnectHandler();
    if (told && handler != null) {
      deliverLater(new DisconnectEvent(this, handler, Disconnect.ABORT, status));
    }
  }

  // Common steps.

  private void begin(Flow next, AddressHandle address) {
    flow = next;
    inbound = new Inbound(this, next);
    outbound.reset();
    handlersAtConnect = address.handlers();
    releasing = false;
    endIndicated = false;
    endPassed = false;
  }

  private void advanceSends(Flow present) {
    TcpConnection connection = present.connection();
    if (connection == null) {
      return;
    }
    outbound.advance(connection);
    if (releasing && outbound.isEmpty()) {
      present.release();
      return;
    }
    int room = outbound.roomToTell(connection);
    if (room > 0) {
      deliverLater(new SendPossibleEvent(this, room));
    }
  }

  /** Looks whether the peer's FIN is next, and whether both directions have ended. */
  private void settleEnd() {
    Flow present = flow;
    Inbound receiver = inbound;
    if (present == null || receiver == null || state == OFFERED) {
      return;
    }
    if (!present.isPeerReleased() || !receiver.isDrained()) {
      return;
    }
    if (!endPassed) {
      endPassed = true;
      DisconnectHandler handler = disconnectHandler();
      if (handler != null) {
        endIndicated = true;
        deliverLater(new DisconnectEvent(this, handler, Disconnect.RELEASE, Status.SUCCESS));
      }
    }
    if (releasing
        && present.isReleaseAcknowledged()
        && (endIndicated || receiver.isEndReceived())) {
      present.leave();
      endFlow(Status.SUCCESS, true);
    }
  }

  private void abortFlow(Status status) {
    Flow ended = flow;
    if (ended != null) {
      ended.abort();
    }
    endFlow(status);
  }

  private void endFlow(Status status) {
    endFlow(status, true);
  }

  /** Ends the connection and all that waits for it; the endpoint can be used again. */
  private void endFlow(Status status, boolean mute) {
    Flow ended = flow;
    if (ended == null) {
      return;
    }
    flow = null;
    state = BOUND;
    disarm();
    Inbound receiver = inbound;
    if (receiver != null) {
      receiver.creditRead();
    }
    ended.end();
    Operation opening = connecting;
    connecting = null;
    if (opening != null) {
      refuse(opening, status);
    }
    if (receiver != null) {
      receiver.end(status, mute);
    }
    outbound.end(status);
    releases.finishAll(status);
  }

  /** The handler that the endpoint had when it connected, else the one it has now. */
  private @Nullable DisconnectHandler disconnectHandler() {
    DisconnectHandler handler = handlersAtConnect.disconnect();
    AddressHandle address = file;
    return handler == null && address != null ? address.handlers().disconnect() : handler;
  }

  /** The same for trouble. */
  private @Nullable TroubleHandler troubleHandler() {
    TroubleHandler handler = handlersAtConnect.trouble();
    AddressHandle address = file;
    return handler == null && address != null ? address.handlers().trouble() : handler;
  }

  private void arm(long nanos, Runnable action) {
    disarm();
    CellTimer made = gate().timer(cell(), action);
    made.arm(gate().now(cell()) + nanos);
    timer = made;
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
