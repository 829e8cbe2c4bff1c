package org.penstock.core.internal.tcp;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.api.view.PcbView;
import org.penstock.core.api.TcpAcceptor;
import org.penstock.core.api.TcpListener;
import org.penstock.core.api.TcpSettings;

/**
 * State LISTEN. Shared by all cells: what changes are atomics. Handshakes under way learn at their
 * next segment or timeout that it was closed.
 */
final class Listener implements TcpListener {

  private final Listeners listeners;
  private final TransportAddress local;
  private final int backlog;
  private final TcpSettings settings;
  private final TcpAcceptor acceptor;
  private final AtomicInteger handshakes = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();

  Listener(
      Listeners listeners,
      TransportAddress local,
      int backlog,
      TcpSettings settings,
      TcpAcceptor acceptor) {
    this.listeners = listeners;
    this.local = local;
    this.backlog = backlog;
    this.settings = settings;
    this.acceptor = acceptor;
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  TcpSettings settings() {
    return settings;
  }

  TcpAcceptor acceptor() {
    return acceptor;
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Handshakes under way and connections not yet accepted. */
  int waiting() {
    return handshakes.get() + queued.get();
  }

  /** True if as many connections wait to be accepted as may. */
  boolean isQueueFull() {
    return queued.get() >= backlog;
  }

  /** Takes a unit for a handshake; false if as many are under way as may be. */
  boolean beginHandshake() {
    return take(handshakes);
  }

  /** Takes a unit for a handshake that was under way all the time, in a cookie. */
  void resumeHandshake() {
    handshakes.incrementAndGet();
  }

  /** Gives back the unit of a handshake that has failed. */
  void handshakeFailed() {
    handshakes.decrementAndGet();
  }

  /**
   * A handshake ends well: its connection waits to be accepted from now on.
   *
   * @return false if too many wait; the handshake goes on
   */
  boolean endHandshake() {
    if (!take(queued)) {
      return false;
    }
    handshakes.decrementAndGet();
    return true;
  }

  private boolean take(AtomicInteger units) {
    int now;
    do {
      now = units.get();
      if (now >= backlog) {
        return false;
      }
    } while (!units.compareAndSet(now, now + 1));
    return true;
  }

  /** Gives back the unit of a connection that nobody was told of. */
  void giveBack() {
    queued.decrementAndGet();
  }

  @Override
  public void accepted() {
    if (queued.decrementAndGet() < 0) {
      queued.incrementAndGet();
      throw new IllegalStateException(
          "more connections of the listener at " + local + " accepted than established");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      listeners.remove(this);
    }
  }

  /** The listener at this moment. */
  PcbView view(int cell) {
    TransportAddress any =
        new TransportAddress(local.address().isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6, 0);
    return new PcbView(
        "tcp",
        PcbView.List.LISTENING,
        "LISTEN",
        local,
        any,
        "listener",
        0,
        waiting(),
        0,
        0,
        0,
        "",
        cell);
  }
}
