package org.penstock.core.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Who owns a connection: the transport layer. Called at core level, inside the connection's cell:
 * it must not block, and what it wants to tell its clients it leaves as an {@linkplain
 * Gate#indicate indication}. It may call the connection, also to abort it.
 *
 * <p>Order: {@link #connected} first; {@link #released} after the last {@link #received}; {@link
 * #failed} or {@link #closed} last, exactly one of them once, after which the connection must not
 * be touched. {@link #troubled} may come at any time before that.
 */
@ConsumerType
public interface TcpUser {

  /**
   * The handshake has completed: ESTABLISHED. Told of connections opened actively; a passive one
   * begins with {@link TcpAcceptor#established}.
   */
  void connected(TcpConnection connection);

  /**
   * The peer says that data is urgent, or that more is (RFC 9293 §3.8.5); it may not have come yet.
   * {@link TcpConnection#urgent} says where it ends. May be ignored: it is delivered in line.
   */
  default void urgent(TcpConnection connection) {}

  /**
   * The connection goes on, but something is wrong with its way: the ERROR_REPORT of RFC 9293
   * §3.9.1.8. May be ignored.
   *
   * @param why {@link TcpFailure#TIMED_OUT} once something was retransmitted {@link
   *     TcpSettings#troubleRetransmissions} times without an answer; else what an ICMP error or the
   *     link has said
   */
  default void troubled(TcpConnection connection, TcpFailure why) {}

  /** There are bytes to take that were not there before; told once a batch. */
  void received(TcpConnection connection);

  /**
   * The peer acknowledged bytes of the send queue, which has room again; 0 bytes where memory was
   * short before and sending may be tried again.
   */
  void acknowledged(TcpConnection connection, long bytes);

  /** The peer released its direction: its FIN follows the last byte received. */
  void released(TcpConnection connection);

  /** Our FIN was acknowledged. */
  void releaseAcknowledged(TcpConnection connection);

  /**
   * The connection is over: both directions were released, and all that was received was taken.
   * What is not taken keeps it readable until then, or until it is aborted or abandoned.
   */
  void closed(TcpConnection connection);

  /**
   * The connection is over: reset, timed out, unreachable. What was queued for sending is gone;
   * what was received may be taken before this returns.
   */
  void failed(TcpConnection connection, TcpFailure failure);
}
