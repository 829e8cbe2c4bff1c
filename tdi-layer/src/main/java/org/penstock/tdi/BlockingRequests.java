package org.penstock.tdi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;

/**
 * The requests of an endpoint in their blocking form: the caller waits, through the stack's
 * concurrency strategy, until the request completes.
 *
 * <p>All are for passive level, any thread; at another they throw {@link
 * org.penstock.api.concurrency.WrongLevelException} and do nothing. Any status but SUCCESS is
 * thrown as a {@link TransportException}: {@link Status#IO_TIMEOUT} when the time is over, and
 * {@link Status#CANCELLED} with the interrupt status set when the thread is interrupted; then the
 * request was cancelled. A null timeout waits as long as it takes.
 */
@ProviderType
public interface BlockingRequests {

  /** Associates the endpoint with an address file. */
  void associate(AddressFile file) throws TransportException;

  /** Ends the association. */
  void disassociate() throws TransportException;

  /** Connects. */
  void connect(TransportAddress remote, @Nullable Duration timeout) throws TransportException;

  /**
   * Waits for a connection.
   *
   * @return the peer
   */
  TransportAddress listen(ListenOptions options, @Nullable Duration timeout)
      throws TransportException;

  /** Waits for any connection; returns the peer. */
  default TransportAddress listen(@Nullable Duration timeout) throws TransportException {
    return listen(ListenOptions.ANY, timeout);
  }

  /** Accepts an offered connection. */
  void accept() throws TransportException;

  /** Sends all bytes; returns when they are in the send queue. */
  void send(MemorySegment source, long offset, long length, @Nullable Duration timeout)
      throws TransportException;

  /** Sends the buffer's remaining bytes; returns when they are in the send queue. */
  void send(ByteBuffer source, @Nullable Duration timeout) throws TransportException;

  /** Sends bytes of a chunk in place; the chunk is the transport's, however the send ends. */
  void send(Chunk chunk, int offset, int length, @Nullable Duration timeout)
      throws TransportException;

  /**
   * Waits for bytes.
   *
   * @return how many were received, 0 if the peer has released its direction
   */
  long receive(MemorySegment target, long offset, long length, @Nullable Duration timeout)
      throws TransportException;

  /**
   * Waits for bytes and puts them into the buffer.
   *
   * @return how many were received, 0 if the peer has released its direction
   */
  int receive(ByteBuffer target, @Nullable Duration timeout) throws TransportException;

  /**
   * Ends the connection, or our direction of it; a release waits for the peer's acknowledgement.
   */
  void disconnect(Disconnect how, @Nullable Duration timeout) throws TransportException;
}
