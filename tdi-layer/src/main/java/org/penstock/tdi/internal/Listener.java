package org.penstock.tdi.internal;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Stack;
import org.penstock.core.api.TcpAcceptor;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpListener;
import org.penstock.tdi.Status;

/**
 * The hidden listener of an address: where listens and established connections meet. It lives in
 * the address's cell for ever; connections come from their own cells by post.
 *
 * <p>A connection goes to the first listen that asks for it; without one to the connect handler;
 * without either it waits. Its unit of the backlog is given back when it leaves.
 */
final class Listener extends Resident implements TcpAcceptor {

  private final SharedAddress address;
  private final Stack stack;
  private final OperationList listens = new OperationList();
  private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
  private final AtomicInteger owed = new AtomicInteger();
  private volatile @Nullable TcpListener tcp;
  private volatile int waitingConnections;
  private volatile Status end = Status.CANCELLED;
  private volatile boolean closing;
  private volatile boolean closed;

  /** A listener that takes listens already; it hears of connections once it is {@link #open}. */
  Listener(Stack stack, SharedAddress address) {
    super(stack.gate(), address.cell());
    this.stack = stack;
    this.address = address;
  }

  /**
   * Listens; once, any thread. Connections may arrive, and be taken, before this returns.
   *
   * @throws TcpException if the core refuses; then {@link #fail} is to be called
   */
  void open() throws TcpException {
    tcp =
        stack
            .tcp()
            .listen(
                address.local(), address.options().backlog(), address.options().settings(), this);
    if (closing) {
      closeTcp();
    }
    giveBackOwed();
  }

  /** Could not be opened: listens that wait end with this status. Any thread. */
  void fail(Status status) {
    end = status;
    closeSoon();
  }

  SharedAddress address() {
    return address;
  }

  /** True if the core lets connections come to it; any thread. */
  boolean isListening() {
    return tcp != null && !closing;
  }

  /** True if it is closed or about to be; any thread. */
  boolean isClosing() {
    return closing;
  }

  /** Closes it: no connection comes any more, what waits ends soon. Any thread. */
  void closeSoon() {
    closing = true;
    closeTcp();
    Operation operation = new Operation(null);
    operation.issue(RequestKind.CLOSE);
    operation.submit(this);
  }

  /** Connections that wait; any thread. */
  int waitingConnections() {
    return waitingConnections;
  }

  /** Listens that wait; any thread. */
  int waitingListens() {
    return listens.size();
  }

  @Override
  public void established(TcpConnection connection) {
    // In the connection's cell. It has a user before data can come, whoever gets it in the end.
    if (closing) {
      taken();
      connection.abort();
      return;
    }
    Flow flow = new Flow(connection, this);
    connection.user(flow);
    submit(new Arrival(this, flow));
  }

  /** Takes a listen; inside the cell, which is the endpoint's home by now. */
  void listen(Operation operation) {
    listens.add(operation);
    if (closed) {
      closeNow();
    } else {
      match();
    }
  }

  /** Ends listens of an endpoint; inside the cell. */
  void endListens(Endpoint endpoint, Predicate<? super Operation> which, Status status) {
    OperationList ended = listens.removeIf(each -> each.owner() == endpoint && which.test(each));
    for (Operation each = ended.poll(); each != null; each = ended.poll()) {
      endpoint.listenEnded();
      endpoint.refuse(each, status);
    }
  }

  /** Takes a connection that has left its cell. */
  void arrived(Arrival arrival) {
    if (closed) {
      refuse(arrival.flow());
      return;
    }
    arrivals.add(arrival);
    if (listens.isEmpty() && address.connectHandler() == null) {
      waitingConnections = arrivals.size();
    } else {
      match();
    }
  }

  /** Refuses a connection: by a reset, in its own cell. Any thread. */
  void refuse(Flow flow) {
    taken();
    gate().post(new Refusal(flow));
  }

  /** Gives back the connection's unit of the backlog: it has been taken. Any thread. */
  void taken() {
    owed.incrementAndGet();
    giveBackOwed();
  }

  /** A connection may be taken before the core has told us whose listener it came by. */
  private void giveBackOwed() {
    TcpListener open = tcp;
    if (open != null) {
      for (int count = owed.getAndSet(0); count > 0; count--) {
        open.accepted();
      }
    }
  }

  private void closeTcp() {
    TcpListener open = tcp;
    if (open != null) {
      open.close();
    }
  }

  /** Has the handlers looked at again. */
  @Override
  void endUnwanted() {
    match();
  }

  @Override
  void execute(Operation operation) {
    closeNow();
    operation.finish(Status.SUCCESS, 0);
  }

  /** Listens end, connections that wait are reset. */
  private void closeNow() {
    closed = true;
    for (Operation each = listens.poll(); each != null; each = listens.poll()) {
      if (each.owner() instanceof Endpoint endpoint) {
        endpoint.listenEnded();
        endpoint.refuse(each, end);
      }
    }
    for (Arrival each = arrivals.poll(); each != null; each = arrivals.poll()) {
      refuse(each.flow());
    }
    waitingConnections = 0;
  }

  private void match() {
    boolean handled = address.connectHandler() != null;
    for (Iterator<Arrival> each = arrivals.iterator(); each.hasNext(); ) {
      Arrival arrival = each.next();
      Flow flow = arrival.flow();
      if (flow.isOver()) {
        each.remove();
        taken();
        continue;
      }
      Operation listen = listenFor(flow);
      if (listen != null && listen.owner() instanceof Endpoint endpoint) {
        each.remove();
        taken();
        endpoint.served(listen, flow, this);
      } else if (handled) {
        each.remove();
        deliverLater(arrival);
      }
    }
    waitingConnections = arrivals.size();
  }

  /** Takes out the first listen that asks for such a connection, begun; null if there is none. */
  private @Nullable Operation listenFor(Flow flow) {
    while (true) {
      Operation found = listens.firstMatching(each -> each.listen.matches(flow.remote()));
      if (found == null) {
        return null;
      }
      listens.remove(found);
      if (found.begin()) {
        return found;
      }
      found.dropped();
      if (found.owner() instanceof Endpoint endpoint) {
        endpoint.listenEnded();
      }
    }
  }

  private static final class Refusal extends Section {
    private final Flow flow;

    Refusal(Flow flow) {
      super(flow.cell());
      this.flow = flow;
    }

    @Override
    protected void run() {
      flow.abort();
    }
  }
}
