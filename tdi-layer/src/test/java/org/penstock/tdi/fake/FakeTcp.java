package org.penstock.tdi.fake;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Tcp;
import org.penstock.core.api.TcpAcceptor;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpException;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpListener;
import org.penstock.core.api.TcpSettings;
import org.penstock.core.api.TcpUser;

/** Connections and listeners in memory. A connect to a listener of the same stack joins the two. */
public final class FakeTcp implements Tcp {

  /** A listener that a test can look at. */
  public final class Listening implements TcpListener {
    private final TransportAddress local;
    private final int backlog;
    private final TcpAcceptor acceptor;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    private Listening(TransportAddress local, int backlog, TcpAcceptor acceptor) {
      this.local = local;
      this.backlog = backlog;
      this.acceptor = acceptor;
    }

    /** Units of the backlog that are taken. */
    public int waiting() {
      return waiting.get();
    }

    public boolean isClosed() {
      return closed;
    }

    @Override
    public TransportAddress local() {
      return local;
    }

    @Override
    public void accepted() {
      if (waiting.decrementAndGet() < 0) {
        gate.failures().add(new AssertionError("accepted() more often than established"));
      }
    }

    @Override
    public void close() {
      closed = true;
      listeners.remove(local, this);
    }
  }

  private final LockGate gate;
  private final Ports ports;
  private final Map<TransportAddress, Listening> listeners = new ConcurrentHashMap<>();
  private final Queue<FakeConnection> opened = new ConcurrentLinkedQueue<>();
  private final Queue<FakeConnection> all = new ConcurrentLinkedQueue<>();
  private volatile @Nullable TcpFailure refusal;

  FakeTcp(LockGate gate, Ports ports) {
    this.gate = gate;
    this.ports = ports;
  }

  /** Lets connects and listens fail at once, null for not. */
  public void refuseWith(@Nullable TcpFailure failure) {
    refusal = failure;
  }

  /** The next connection that was opened actively, oldest first. */
  public FakeConnection takeOpened() {
    FakeConnection connection = opened.poll();
    if (connection == null) {
      throw new AssertionError("no connection was opened");
    }
    return connection;
  }

  /** Connections that have a user and no end yet. */
  public List<FakeConnection> connectionsAlive() {
    return all.stream().filter(each -> each.end().isEmpty()).toList();
  }

  public boolean hasOpened() {
    return !opened.isEmpty();
  }

  /** The listener at an address. */
  public @Nullable Listening listenerAt(TransportAddress local) {
    return listeners.get(local);
  }

  /** A peer's handshake with a listener completes. */
  public FakeConnection arrive(String local, String remote) {
    TransportAddress here = TransportAddress.parse(local);
    TransportAddress there = TransportAddress.parse(remote);
    Listening listening = find(here);
    if (listening == null) {
      throw new AssertionError("nobody listens at " + local);
    }
    FakeConnection connection = new FakeConnection(gate, cellOf(here, there), here, there);
    gate.inside(connection.cell(), () -> establish(listening, connection));
    return connection;
  }

  private void establish(Listening listening, FakeConnection connection) {
    all.add(connection);
    listening.waiting.incrementAndGet();
    listening.acceptor.established(connection);
  }

  private @Nullable Listening find(TransportAddress local) {
    Listening exact = listeners.get(local);
    return exact != null
        ? exact
        : listeners.get(new TransportAddress(IpAddress.ANY_IPV4, local.port()));
  }

  @Override
  public int cellOf(TransportAddress local, TransportAddress remote) {
    return Math.floorMod(local.hashCode() * 31 + remote.hashCode(), gate.cells());
  }

  @Override
  public TcpConnection connect(
      TransportAddress local, TransportAddress remote, TcpSettings settings, TcpUser user)
      throws TcpException {
    gate.requireInside(cellOf(local, remote));
    if (ports.references(PROTOCOL, local.port()) == 0) {
      gate.failures().add(new AssertionError("a connect from a port nobody holds"));
    }
    if (refusal != null) {
      throw new TcpException(refusal, local + " to " + remote);
    }
    FakeConnection connection = new FakeConnection(gate, cellOf(local, remote), local, remote);
    connection.user(user);
    connection.settings(settings);
    all.add(connection);
    Listening listening = remote.address().equals(FakeStack.OWN) ? find(remote) : null;
    if (listening == null) {
      opened.add(connection);
      return connection;
    }
    FakeConnection other = new FakeConnection(gate, cellOf(remote, local), remote, local);
    FakeConnection.join(connection, other);
    later(
        other.cell(),
        () -> {
          if (listening.closed || listening.waiting.get() >= listening.backlog) {
            later(connection.cell(), () -> connection.fails(TcpFailure.CONNECTION_REFUSED));
          } else {
            establish(listening, other);
            later(connection.cell(), connection::peerAcceptsIfAlive);
          }
        });
    return connection;
  }

  private void later(int cell, Runnable action) {
    gate.post(
        new Section(cell) {
          @Override
          protected void run() {
            action.run();
          }
        });
  }

  @Override
  public TcpListener listen(
      TransportAddress local, int backlog, TcpSettings settings, TcpAcceptor acceptor)
      throws TcpException {
    if (refusal != null) {
      throw new TcpException(refusal, local.toString());
    }
    Listening listening = new Listening(local, backlog, acceptor);
    if (listeners.putIfAbsent(local, listening) != null) {
      throw new TcpException(TcpFailure.ADDRESS_IN_USE, local.toString());
    }
    return listening;
  }
}
