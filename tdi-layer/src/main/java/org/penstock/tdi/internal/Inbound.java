package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;
import org.penstock.core.api.TcpConnection;
import org.penstock.tdi.ReceiveFlags;
import org.penstock.tdi.ReceiveHandler;
import org.penstock.tdi.ReceiveIndication;
import org.penstock.tdi.Request;
import org.penstock.tdi.Status;

/**
 * The receiving side of one connection: receives that wait for data, data that waits for a receive,
 * and the receive event, which this object is itself.
 *
 * <p>Owned by the endpoint's home cell. While the event is out ({@code showing}) what it shows
 * belongs to the delivering thread, and no receive is filled: the bytes shown come first.
 */
final class Inbound extends Message implements ReceiveIndication {

  /** Buffers shown by one event at most. */
  private static final int SHOWN = 32;

  private final Endpoint endpoint;
  private final Flow flow;
  private final OperationList receives = new OperationList();

  /** Bytes taken from the connection and not yet received; they come before those still there. */
  private final LandingList stash = new LandingList();

  private boolean showing;
  private boolean silent;
  private boolean endReceived;
  private volatile boolean muted;
  private volatile long bytes;

  // The event's own, while it is out.
  private final LandingList shown = new LandingList();
  private long availableAtShow;
  private int taken;
  private boolean declined;
  private int answer;
  private @Nullable Operation rest;

  /**
   * Bytes that the client has read while the event is out: those it took, and those its handler
   * looks at. Written by the delivering thread, read by whoever ends the connection.
   */
  private volatile int read;

  Inbound(Endpoint endpoint, Flow flow) {
    this.endpoint = endpoint;
    this.flow = flow;
  }

  /** How many receives wait; any thread. */
  int waiting() {
    return receives.size();
  }

  /** Bytes received so far; any thread. */
  long bytes() {
    return bytes;
  }

  /** True if the client was told that the peer has released its direction, by a receive. */
  boolean isEndReceived() {
    return endReceived;
  }

  /** True if there is no byte left that the client has not received. */
  boolean isDrained() {
    return !showing && !hasBytes();
  }

  /** Takes a receive that has begun. */
  void receive(Operation operation) {
    silent = false;
    operation.pause();
    receives.add(operation);
    advance();
  }

  /** Goes on as far as there is data, or its end. */
  void advance() {
    if (showing) {
      return;
    }
    while (!receives.isEmpty() && (hasBytes() || flow.isPeerReleased())) {
      Operation next = receives.begin();
      if (next != null) {
        fill(next);
      }
    }
    if (receives.isEmpty() && !silent && hasBytes() && endpoint.showsData()) {
      show();
    }
  }

  /** Takes what is left out of a connection that is about to go. */
  void drain(TcpConnection connection) {
    for (Landing next = connection.take(); next != null; next = connection.take()) {
      stash.add(next);
    }
  }

  /** Ends the receives that nobody wants any more. */
  void sweep() {
    receives.sweep();
    advance();
  }

  /**
   * The connection is about to end, maybe from within the handler, whose answer comes too late
   * then: what it has read is not unread (RFC 2525 §2.17), unlike what waits here behind it.
   */
  void creditRead() {
    TcpConnection connection = flow.connection();
    if (showing && connection != null) {
      connection.credit(read);
    }
  }

  /** Ends every receive and gives all buffers back; what is being shown follows later. */
  void end(Status status, boolean mute) {
    muted = mute;
    receives.finishAll(status);
    stash.releaseAll();
  }

  private boolean hasBytes() {
    TcpConnection connection = flow.connection();
    return !stash.isEmpty() || (connection != null && connection.available() > 0);
  }

  private void fill(Operation operation) {
    if (!hasBytes()) {
      endReceived = true;
      operation.finish(Status.SUCCESS, 0);
      return;
    }
    MemorySegment memory = operation.memory;
    boolean peek = (operation.flags & ReceiveFlags.PEEK) != 0;
    Status status = Status.SUCCESS;
    if (memory != null) {
      try {
        if (peek) {
          peek(operation, memory);
        } else {
          take(operation, memory);
        }
      } catch (IllegalStateException | WrongThreadException e) {
        // The arena was closed, or it is another thread's.
        status = Status.INVALID_PARAMETER;
      }
    }
    if (!peek) {
      bytes = bytes + operation.progress;
    }
    operation.finish(status, operation.progress);
  }

  private void take(Operation operation, MemorySegment memory) {
    int fromStash = 0;
    for (Landing next = stash.first();
        next != null && operation.progress < operation.length;
        next = stash.first()) {
      int part = (int) Math.min(next.length(), operation.length - operation.progress);
      MemorySegment.copy(
          next.segment(), next.offset(), memory, operation.offset + operation.progress, part);
      operation.progress += part;
      fromStash += part;
      stash.consume(part);
    }
    TcpConnection connection = flow.connection();
    if (connection == null) {
      return;
    }
    if (fromStash > 0) {
      connection.credit(fromStash);
    }
    while (operation.progress < operation.length) {
      long left = operation.length - operation.progress;
      int part =
          connection.receive(
              memory, operation.offset + operation.progress, (int) Math.min(left, 1 << 30));
      if (part == 0) {
        return;
      }
      operation.progress += part;
    }
  }

  private void peek(Operation operation, MemorySegment memory) {
    for (Landing next = stash.first();
        next != null && operation.progress < operation.length;
        next = next.next()) {
      int part = (int) Math.min(next.length(), operation.length - operation.progress);
      MemorySegment.copy(
          next.segment(), next.offset(), memory, operation.offset + operation.progress, part);
      operation.progress += part;
    }
    TcpConnection connection = flow.connection();
    if (connection != null && operation.progress < operation.length) {
      long left = operation.length - operation.progress;
      operation.progress +=
          connection.peek(
              0, memory, operation.offset + operation.progress, (int) Math.min(left, 1 << 30));
    }
  }

  private void show() {
    shown.prepend(stash);
    TcpConnection connection = flow.connection();
    if (connection != null) {
      for (int i = 0; i < SHOWN; i++) {
        Landing next = connection.take();
        if (next == null) {
          break;
        }
        shown.add(next);
      }
    }
    availableAtShow = shown.bytes() + (connection == null ? 0 : connection.available());
    read = 0;
    showing = true;
    endpoint.deliverLater(this);
  }

  @Override
  void deliver() {
    taken = 0;
    declined = false;
    rest = null;
    try {
      AddressHandle file = endpoint.file();
      if (!muted && file != null && file.calls().enter()) {
        try {
          ReceiveHandler handler = file.handlers().receive();
          if (handler != null) {
            showTo(handler);
          }
        } finally {
          read = taken;
          file.calls().exit();
        }
      }
    } finally {
      endpoint.submit(this);
    }
  }

  private void showTo(ReceiveHandler handler) {
    int posted = endpoint.receivesPosted();
    // A receive that the handler posted comes first, and suppresses events.
    while (!shown.isEmpty()
        && !declined
        && rest == null
        && !muted
        && posted == endpoint.receivesPosted()) {
      answer = 0;
      // What a handler that throws has taken can't be told: it has not accepted the bytes.
      declined = true;
      read = taken + length();
      handler.received(endpoint.handle(), this);
      declined = answer == 0 && rest == null;
      if (answer > 0) {
        shown.consume(answer);
        taken += answer;
      }
    }
  }

  /** The event has come back: its answer counts now. */
  @Override
  void arrive() {
    showing = false;
    Operation given = rest;
    rest = null;
    bytes = bytes + taken;
    if (!endpoint.isAt(flow)) {
      shown.releaseAll();
      if (given != null) {
        endpoint.refuse(given, Status.INVALID_CONNECTION);
      }
      return;
    }
    stash.prepend(shown);
    TcpConnection connection = flow.connection();
    if (connection != null && taken > 0) {
      connection.credit(taken);
    }
    if (given != null) {
      receives.addFirst(given);
    } else {
      silent = declined && receives.isEmpty();
    }
    endpoint.inboundAdvanced(this);
  }

  @Override
  public MemorySegment segment() {
    return current().segment();
  }

  @Override
  public long offset() {
    return current().offset();
  }

  @Override
  public int length() {
    return current().length();
  }

  @Override
  public long available() {
    return availableAtShow - taken;
  }

  @Override
  public void took(int count) {
    answer = checkTaken(count);
  }

  @Override
  public void takeRest(int count, Request request, MemorySegment target, long offset, long length) {
    int accepted = checkTaken(count);
    if (rest != null) {
      throw new IllegalStateException("a receive for the rest was given already");
    }
    Operation operation = EndpointHandle.operation(request);
    EndpointHandle.prepareReceive(operation, target, offset, length, ReceiveFlags.NORMAL);
    operation.assign(endpoint);
    rest = operation;
    answer = accepted;
  }

  private int checkTaken(int count) {
    if (count < 0 || count > length()) {
      throw new IllegalArgumentException(
          "took " + count + " bytes of " + length() + " that were shown");
    }
    return count;
  }

  private Landing current() {
    Landing landing = shown.first();
    if (!showing || landing == null) {
      throw new IllegalStateException("a receive indication is valid until its handler returns");
    }
    return landing;
  }
}
