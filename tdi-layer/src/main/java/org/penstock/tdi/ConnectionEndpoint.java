package org.penstock.tdi;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Chunk;
import org.penstock.core.api.TcpSettings;

/**
 * One end of a connection, present or to come. It outlives its connections: after each it is {@link
 * EndpointState#BOUND} and can be used again.
 *
 * <p>The methods that take a {@link Request} are asynchronous and may be called from any thread at
 * any level; requests of one thread are taken in its order. A request that the endpoint's {@link
 * EndpointState} does not allow changes nothing and completes with the status that says so. A
 * request that is pending already is refused by an {@link IllegalStateException}.
 *
 * <p>Completions and events of an endpoint come one at a time, in order, a disconnect last.
 */
@ProviderType
public interface ConnectionEndpoint extends BlockingRequests, StagedRequests, AutoCloseable {

  /** What the client gave at its opening. */
  @Nullable Object context();

  /** Its state at this moment. */
  EndpointState state();

  /** The endpoint at this moment; enters no cell. */
  ConnectionInfo info();

  /**
   * Its address file at this moment.
   *
   * @throws TransportException {@link Status#ADDRESS_NOT_ASSOCIATED}
   */
  AddressInfo addressInfo() throws TransportException;

  /** Associates the endpoint with an address file, which lives at least as long. */
  void associate(Request request, AddressFile file);

  /** Ends the association. */
  void disassociate(Request request);

  /**
   * Connects.
   *
   * @param timeout null for the transport's own
   */
  void connect(Request request, TransportAddress remote, @Nullable Duration timeout);

  /**
   * Waits for a connection to the address file's address. Listens are served in their order, over
   * all endpoints of the address. Of several that one endpoint has pending, the first to be served
   * ends the others {@link Status#INVALID_CONNECTION}.
   *
   * <p>The address listens once the request has been executed, which a parked stack does not do;
   * {@link AddressInfo#listening} tells. Who must know sets a {@linkplain AddressFile#onConnect
   * connect handler}, with which it listens at once.
   */
  void listen(Request request, ListenOptions options);

  /** Accepts the connection offered by a listen with {@link ListenOptions#queryAccept}. */
  void accept(Request request);

  /**
   * Ends the connection, or rejects the one offered. {@link Disconnect#ABORT} completes at once;
   * {@link Disconnect#RELEASE} sends FIN after everything queued and completes when the peer has
   * acknowledged it.
   *
   * @param timeout of a release, after which it ends {@link Status#IO_TIMEOUT} while the FIN
   *     stands; null for none
   */
  void disconnect(Request request, Disconnect how, @Nullable Duration timeout);

  /**
   * Sends bytes. They are copied when the stack has room, and the send completes when all were.
   *
   * @param source memory of any kind that every thread may read, the transport's until completion
   * @param flags of {@link SendFlags}
   */
  void send(Request request, MemorySegment source, long offset, long length, int flags);

  /**
   * Sends bytes of a leased chunk in place. The chunk is the transport's from this call on, however
   * the send ends, and goes back to the pool when the peer has acknowledged the bytes; the send
   * completes when it has its place in the send queue.
   *
   * @param flags of {@link SendFlags}
   */
  void send(Request request, Chunk chunk, int offset, int length, int flags);

  /**
   * Receives bytes: completes as soon as there are some, with 0 when the peer has released its
   * direction and all were received.
   *
   * @param target memory of any kind that every thread may write, the transport's until completion
   * @param length at least 1
   * @param flags of {@link ReceiveFlags}
   */
  void receive(Request request, MemorySegment target, long offset, long length, int flags);

  /** Changes the TCP settings of the present connection and of those to come. */
  void configure(Request request, TcpSettings settings);

  /**
   * Closes the endpoint: pending requests end {@link Status#CANCELLED}, a connection whose
   * direction was not released is reset. Returns when none of its handlers runs, after ten seconds
   * at the latest; it does not wait at dispatch level, nor while the stack is parked.
   */
  @Override
  void close();
}
