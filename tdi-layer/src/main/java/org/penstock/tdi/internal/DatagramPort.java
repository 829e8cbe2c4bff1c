package org.penstock.tdi.internal;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.concurrency.ExecutionLevel;
import org.penstock.api.concurrency.Section;
import org.penstock.api.sync.MpscQueue;
import org.penstock.core.api.Gate;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.Udp;
import org.penstock.core.api.UdpPort;
import org.penstock.core.api.UdpUser;
import org.penstock.tdi.ErrorHandler;
import org.penstock.tdi.ListenOptions;
import org.penstock.tdi.Status;

/**
 * The datagrams of one handle of an address. It lives in the cell of its port for ever.
 *
 * <p>A datagram goes to the first receive that asks for it, else it is copied and shown to the
 * handler, else it waits. What waits or is being shown counts against the handle's limit.
 */
final class DatagramPort extends Resident implements UdpUser {

  /** What a datagram costs beyond its bytes, so that empty ones are limited as well. */
  private static final int OVERHEAD = 64;

  /** How long opening waits for its cell: a strategy that is late is no reason to hang. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private final AddressHandle file;
  private final OperationList receives = new OperationList();
  private final ArrayDeque<Datagram> waiting = new ArrayDeque<>();
  private final AtomicInteger held = new AtomicInteger();
  private final MpscQueue<Message> returned = new MpscQueue<>();
  private @Nullable Message spare;
  private @Nullable UdpPort port;
  private volatile int waitingDatagrams;
  private volatile boolean closed;

  DatagramPort(Gate gate, int cell, AddressHandle file) {
    super(gate, cell);
    this.file = file;
  }

  AddressHandle file() {
    return file;
  }

  /** Datagrams that wait for a receive; any thread. */
  int waitingDatagrams() {
    return waitingDatagrams;
  }

  /**
   * Opens the port, in its cell, before anything that is submitted later. At passive level it
   * returns when datagrams are received, unless the stack is parked. The caller keeps the address
   * until the port is closed.
   */
  void open(Udp udp) {
    Opening opening = new Opening(udp);
    gate().post(opening);
    boolean mayWait = ExecutionLevel.current() == ExecutionLevel.PASSIVE;
    if (mayWait && !gate().strategy().isEmpty() && !opening.done) {
      opening.await();
    }
  }

  private final class Opening extends Section {
    private final Udp udp;
    private final Waiter waiter = new Waiter(gate(), DatagramPort.this.cell(), () -> this.done);
    private volatile boolean done;

    Opening(Udp udp) {
      super(DatagramPort.this.cell());
      this.udp = udp;
    }

    void await() {
      try {
        gate().await("open", waiter, gate().runtime().nanoTime() + PATIENCE_NANOS);
      } catch (IllegalStateException e) {
        // A stack that is driven by another thread lets nobody wait; that thread opens the port.
        return;
      }
    }

    @Override
    protected void run() {
      UdpPort opened = udp.open(file.local(), DatagramPort.this);
      opened.broadcast(file.options().broadcast());
      opened.dontFragment(file.options().dontFragment());
      port = opened;
      done = true;
      waiter.wake();
    }
  }

  /** Begins to close the port. */
  ClientObject.Closing closeSoon() {
    Operation operation = new Operation(null);
    Waiter waiter = operation.waitedFor(this);
    operation.issue(RequestKind.CLOSE);
    operation.submit(this);
    return deadlineNanos -> awaitClosed(operation, waiter, deadlineNanos);
  }

  @Override
  void execute(Operation operation) {
    UdpPort open = port;
    if (operation.kind == RequestKind.CLOSE) {
      close();
      operation.finish(Status.SUCCESS, 0);
    } else if (open == null) {
      operation.finish(Status.INVALID_HANDLE, 0);
    } else if (operation.kind == RequestKind.SEND_DATAGRAM) {
      send(operation, open);
    } else {
      receive(operation);
    }
  }

  private static void send(Operation operation, UdpPort open) {
    TransportAddress remote = operation.address;
    MemorySegment memory = operation.memory;
    if (remote == null || memory == null || operation.length > 0xffff) {
      operation.finish(Status.INVALID_PARAMETER, 0);
      return;
    }
    Status status;
    try {
      status =
          Statuses.of(
              open.send(remote, memory, operation.offset, (int) operation.length, operation.ip));
    } catch (IllegalStateException | WrongThreadException e) {
      // The arena was closed, or it is another thread's.
      status = Status.INVALID_PARAMETER;
    }
    operation.finish(status, status == Status.SUCCESS ? operation.length : 0);
  }

  private void receive(Operation operation) {
    for (Iterator<Datagram> each = waiting.iterator(); each.hasNext(); ) {
      Datagram datagram = each.next();
      if (matches(operation, datagram.remote())) {
        each.remove();
        waitingDatagrams = waiting.size();
        fill(operation, datagram.segment(), 0, datagram.length(), datagram.remote());
        recycle(datagram);
        return;
      }
    }
    operation.pause();
    receives.add(operation);
  }

  private static boolean matches(Operation operation, TransportAddress sender) {
    return new ListenOptions(operation.address, false).matches(sender);
  }

  @Override
  public boolean received(
      TransportAddress remote, TransportAddress local, int dscp, Landing payload) {
    int length = payload.length();
    for (Operation next = firstFor(remote); next != null; next = firstFor(remote)) {
      receives.remove(next);
      if (next.begin()) {
        fill(next, payload.segment(), payload.offset(), length, remote);
        return true;
      }
      next.dropped();
    }
    if (held.get() + length + OVERHEAD > file.options().datagramBytes() + OVERHEAD) {
      return false;
    }
    held.addAndGet(length + OVERHEAD);
    Datagram datagram = buffer(length);
    datagram.copy(remote, local, dscp, payload);
    enqueue(datagram);
    return true;
  }

  private @Nullable Operation firstFor(TransportAddress sender) {
    return receives.firstMatching(each -> matches(each, sender));
  }

  /** Shows a datagram, or lets it wait; inside the cell. */
  void enqueue(Datagram datagram) {
    if (closed) {
      recycle(datagram);
    } else if (file.handlers().datagram() != null) {
      deliverLater(datagram);
    } else {
      waiting.add(datagram);
      waitingDatagrams = waiting.size();
    }
  }

  /** Copies a datagram, or its beginning, for a receive that is executing. */
  static void fill(
      Operation operation, MemorySegment source, long offset, int length, TransportAddress remote) {
    int part = (int) Math.min(length, operation.length);
    MemorySegment target = operation.memory;
    Status status = part < length ? Status.BUFFER_OVERFLOW : Status.SUCCESS;
    try {
      if (target != null) {
        MemorySegment.copy(source, offset, target, operation.offset, part);
      }
    } catch (IllegalStateException | WrongThreadException e) {
      status = Status.INVALID_PARAMETER;
      part = 0;
    }
    operation.finish(status, part, remote);
  }

  @Override
  public void unreachable(TransportAddress remote, TcpFailure failure) {
    if (file.handlers().error() != null) {
      deliverLater(new ErrorEvent(remote, Statuses.of(failure)));
    }
  }

  @Override
  void endUnwanted() {
    receives.sweep();
    if (file.handlers().datagram() != null) {
      for (Datagram each = waiting.poll(); each != null; each = waiting.poll()) {
        deliverLater(each);
      }
      waitingDatagrams = 0;
    }
  }

  private void close() {
    UdpPort open = port;
    closed = true;
    port = null;
    if (open != null) {
      open.close();
      file.shared().release();
    }
    receives.finishAll(Status.CANCELLED);
    waiting.clear();
    waitingDatagrams = 0;
  }

  private Datagram buffer(int length) {
    if (spare == null) {
      spare = returned.takeAll();
    }
    if (spare instanceof Datagram datagram) {
      spare = datagram.unlink();
      if (datagram.capacity() >= length) {
        return datagram;
      }
    }
    return new Datagram(this, length);
  }

  /** Takes a buffer back; any thread. */
  void recycle(Datagram datagram) {
    held.addAndGet(-(datagram.length() + OVERHEAD));
    returned.offer(datagram);
  }

  private final class ErrorEvent extends Message {
    private final TransportAddress remote;
    private final Status status;

    ErrorEvent(TransportAddress remote, Status status) {
      this.remote = remote;
      this.status = status;
    }

    @Override
    void arrive() {
      throw new IllegalStateException("an event is not submitted");
    }

    @Override
    void deliver() {
      if (file.calls().enter()) {
        try {
          ErrorHandler handler = file.handlers().error();
          if (handler != null) {
            handler.failed(file, remote, status);
          }
        } finally {
          file.calls().exit();
        }
      }
    }
  }
}
