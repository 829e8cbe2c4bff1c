package org.penstock.core.api;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.api.buffer.Landing;
import org.penstock.api.view.PcbView;

/**
 * A TCP connection. Owned by its cell: all methods are called inside it, none blocks. What they
 * make the stack send leaves at the end of the occupation.
 */
@ProviderType
public interface TcpConnection {

  /** The cell it lives in for ever. */
  int cell();

  /** Our address and port. */
  TransportAddress local();

  /** The peer's address and port. */
  TransportAddress remote();

  /** Hands the connection to another user; what the former one was not told, this one is not. */
  void user(TcpUser user);

  /** How many bytes the send queue takes at this moment. */
  int sendRoom();

  /**
   * Copies bytes into the send queue.
   *
   * @param push false if more follows at once, so that a small segment may wait for it
   * @return how many were taken, as many as there was room for
   * @throws IllegalStateException if our direction was released
   */
  int send(MemorySegment source, long offset, int length, boolean push);

  /**
   * Appends bytes of a leased chunk to the send queue, in place and whole, also beyond {@link
   * #sendRoom}: whoever leases was charged already. The chunk is the connection's from now on, and
   * released when all is acknowledged.
   *
   * @throws IllegalStateException if our direction was released; the chunk stays the caller's
   */
  void send(Chunk chunk, int offset, int length, boolean push);

  /**
   * Like {@link #send(MemorySegment, long, int, boolean)}, and has the peer know at once that what
   * is queued, up to the last byte taken, is urgent (RFC 9293 §3.8.5). It stays in line with the
   * rest. New applications should not use this (RFC 6093 §5).
   */
  int sendUrgent(MemorySegment source, long offset, int length);

  /** Bytes in the send queue, acknowledged ones not counted. */
  long queued();

  /** Releases our direction: FIN after everything queued. Does nothing when called again. */
  void release();

  /** Bytes that can be taken at this moment. */
  long available();

  /**
   * How many bytes are still to be taken until the end of the peer's urgent data; some may not have
   * come yet. 0 if nothing is urgent.
   */
  long urgent();

  /** True if the peer has released its direction and all its bytes were taken. */
  boolean isDrained();

  /**
   * Copies received bytes out, and opens the window again.
   *
   * @return how many, 0 if none are there
   */
  int receive(MemorySegment target, long offset, int length);

  /**
   * Copies received bytes that stay in the queue.
   *
   * @param skip bytes from the queue's front to leave out
   * @return how many, 0 if none are there
   */
  int peek(long skip, MemorySegment target, long offset, int length);

  /**
   * Takes the first buffer out of the receive queue without copying. It {@linkplain
   * Landing#offset() describes} its bytes, and is the caller's to release. The window opens only
   * when the bytes are {@linkplain #credit credited}.
   *
   * @return the buffer, or null if the queue is empty
   */
  @Nullable Landing take();

  /** Says that bytes which were taken were read: the window opens again by them. */
  void credit(int bytes);

  /** Ends the connection by a reset; the user is told nothing more. */
  void abort();

  /**
   * Gives the connection up without a reset where none is needed: the user is told nothing more;
   * what is queued is still sent, FIN last; unread or newly arriving data is answered by a reset
   * (RFC 9293 §3.6, RFC 2525 §2.17). Unread is what was not taken, and what was taken and not
   * {@linkplain #credit credited}: whoever takes bytes to hold them for somebody else credits them
   * when that one has read them. The cell keeps it as an orphan, within limits and for as long as
   * {@link TcpSettings#lingerNanos} says; what has not arrived by then is lost, and a reset says
   * so.
   */
  void abandon();

  /** Changes settings while it lives. */
  void settings(TcpSettings settings);

  /**
   * The DiffServ codepoint of the peer's latest segment (RFC 9293 §3.9.1.9, MAY-9), 0 before the
   * first. What is sent carries our own, which {@link TcpSettings#ip} says.
   */
  int receivedDscp();

  /** The connection at this moment. */
  PcbView view();
}
