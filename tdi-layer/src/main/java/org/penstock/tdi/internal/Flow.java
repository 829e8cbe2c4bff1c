package org.penstock.tdi.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.TcpConnection;
import org.penstock.core.api.TcpFailure;
import org.penstock.core.api.TcpUser;

/**
 * One connection of the core's, seen from here, from its handshake to its end. An endpoint has a
 * new one for each of its connections, so that the object itself is the generation: what comes late
 * from a former connection meets a flow without endpoint.
 *
 * <p>Owned by the connection's cell but for {@link #isOver} and {@link #receivedDscp}. Until an
 * endpoint {@linkplain #attach attaches} it remembers what it was told.
 */
final class Flow implements TcpUser {

  private final TransportAddress local;
  private final TransportAddress remote;
  private final int cell;
  private final @Nullable Listener origin;

  private @Nullable TcpConnection connection;
  private @Nullable Endpoint endpoint;
  private boolean waiting;
  private @Nullable TcpFailure failure;
  private boolean peerReleased;
  private boolean releaseAsked;
  private boolean releaseAcknowledged;
  private volatile boolean over;
  private volatile int receivedDscp;

  /** A flow to be opened by an endpoint. */
  Flow(TransportAddress local, TransportAddress remote, int cell, Endpoint endpoint) {
    this.local = local;
    this.remote = remote;
    this.cell = cell;
    this.origin = null;
    this.endpoint = endpoint;
  }

  /** A flow that was opened by the peer and waits for an endpoint. */
  Flow(TcpConnection connection, Listener origin) {
    this.origin = origin;
    this.connection = connection;
    this.local = connection.local();
    this.remote = connection.remote();
    this.cell = connection.cell();
    this.waiting = true;
  }

  /** Gives it the connection that its endpoint opened. */
  void opened(TcpConnection opened) {
    connection = opened;
  }

  TransportAddress local() {
    return local;
  }

  TransportAddress remote() {
    return remote;
  }

  int cell() {
    return cell;
  }

  /** The listener it came by, null for one opened here. */
  @Nullable Listener origin() {
    return origin;
  }

  /** The connection, null once it is over. */
  @Nullable TcpConnection connection() {
    return connection;
  }

  /** Why it failed, null if it did not. */
  @Nullable TcpFailure failure() {
    return failure;
  }

  /** True if the peer released its direction. */
  boolean isPeerReleased() {
    return peerReleased;
  }

  /** True if our FIN stands behind everything queued. */
  boolean isReleaseAsked() {
    return releaseAsked;
  }

  /** True if our FIN was acknowledged. */
  boolean isReleaseAcknowledged() {
    return releaseAcknowledged;
  }

  /** True if the connection ended; any thread. */
  boolean isOver() {
    return over;
  }

  /** The DiffServ codepoint of what was received last; any thread. */
  int receivedDscp() {
    return receivedDscp;
  }

  /** From now on the endpoint is told; it looks itself at what was told before. */
  void attach(Endpoint owner) {
    endpoint = owner;
    waiting = false;
  }

  /** Puts FIN behind everything queued. */
  void release() {
    if (connection != null && !releaseAsked) {
      releaseAsked = true;
      connection.release();
    }
  }

  /** What the connection does from now on concerns nobody. */
  void detach() {
    endpoint = null;
    waiting = false;
  }

  /**
   * Ends it. Where our FIN stands already the connection is left to the core, which sends what is
   * queued; else it is reset.
   */
  void end() {
    TcpConnection ended = connection;
    detach();
    connection = null;
    over = true;
    if (ended != null) {
      if (releaseAsked) {
        ended.abandon();
      } else {
        ended.abort();
      }
    }
  }

  /** Leaves a connection that has ended both ways to the core. */
  void leave() {
    detach();
    connection = null;
    over = true;
  }

  /** Ends it by a reset. */
  void abort() {
    releaseAsked = false;
    end();
  }

  @Override
  public void connected(TcpConnection told) {
    if (endpoint != null) {
      endpoint.connected(this);
    }
  }

  @Override
  public void troubled(TcpConnection told, TcpFailure why) {
    if (endpoint != null) {
      endpoint.troubled(this, why);
    }
  }

  @Override
  public void received(TcpConnection told) {
    receivedDscp = told.receivedDscp();
    if (endpoint != null) {
      endpoint.received(this);
    }
  }

  @Override
  public void acknowledged(TcpConnection told, long bytes) {
    if (endpoint != null) {
      endpoint.acknowledged(this);
    }
  }

  @Override
  public void released(TcpConnection told) {
    peerReleased = true;
    if (endpoint != null) {
      endpoint.peerReleased(this);
    }
  }

  @Override
  public void releaseAcknowledged(TcpConnection told) {
    releaseAcknowledged = true;
    if (endpoint != null) {
      endpoint.releaseAcknowledged(this);
    }
  }

  @Override
  public void closed(TcpConnection told) {
    over = true;
    peerReleased = true;
    releaseAcknowledged = true;
    connection = null;
    if (endpoint != null) {
      endpoint.closed(this, told);
    }
    tellListener();
  }

  @Override
  public void failed(TcpConnection told, TcpFailure why) {
    over = true;
    failure = why;
    connection = null;
    if (endpoint != null) {
      endpoint.failed(this, why);
    }
    tellListener();
  }

  private void tellListener() {
    if (waiting && origin != null) {
      origin.sweep();
    }
  }
}
