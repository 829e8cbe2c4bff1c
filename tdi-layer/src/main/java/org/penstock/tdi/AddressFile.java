package org.penstock.tdi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.IpSettings;

/**
 * A transport address in use: an IP address, or any, and a port of a protocol. It is never a
 * socket; connections belong to {@linkplain ConnectionEndpoint endpoints} associated with it. Event
 * handlers are registered here and called with the endpoint they are about.
 *
 * <p>All methods may be called from any thread. Each handler is called at dispatch level, for one
 * object one at a time; null deregisters it. Setting one on a closed file throws {@link
 * Status#INVALID_HANDLE}, on a file of the other protocol {@link Status#INVALID_PARAMETER}.
 */
@ProviderType
public interface AddressFile extends AutoCloseable {

  /** Its protocol. */
  Protocol protocol();

  /** Its address, unspecified for any, and its port, never 0. */
  TransportAddress local();

  /** The file at this moment; enters no cell. */
  AddressInfo info();

  /**
   * Sets who is asked about connections that no listen waits for (TCP). The address listens when
   * this returns, also where the stack is parked: whoever connects from now on is not refused.
   */
  void onConnect(@Nullable ConnectHandler handler) throws TransportException;

  /** Sets who is told of ends that the peer or the network brought about (TCP). */
  void onDisconnect(@Nullable DisconnectHandler handler) throws TransportException;

  /** Sets who is told of trouble with the way of connections that go on (TCP). */
  void onTrouble(@Nullable TroubleHandler handler) throws TransportException;

  /** Sets who is shown what arrives while no receive is pending (TCP). */
  void onReceive(@Nullable ReceiveHandler handler) throws TransportException;

  /** Sets who is told of room to send (TCP). */
  void onSendPossible(@Nullable SendPossibleHandler handler) throws TransportException;

  /** Sets who is shown datagrams while no receive is pending (UDP). */
  void onReceiveDatagram(@Nullable DatagramHandler handler) throws TransportException;

  /** Sets who is told of errors about the address. */
  void onError(@Nullable ErrorHandler handler) throws TransportException;

  /**
   * Sends one datagram (UDP). Ends {@link Status#INVALID_ADDRESS}, {@link Status#INVALID_PARAMETER}
   * if it is too long, {@link Status#NETWORK_UNREACHABLE}, or {@link Status#INSUFFICIENT_RESOURCES}
   * if it was dropped for want of room.
   */
  void sendDatagram(
      Request request, TransportAddress remote, MemorySegment source, long offset, long length);

  /**
   * The same with an IP header of its own, instead of that of {@link AddressOptions#ip}: a
   * traceroute, or a probe that is to be treated like other traffic.
   */
  void sendDatagram(
      Request request,
      TransportAddress remote,
      MemorySegment source,
      long offset,
      long length,
      IpSettings ip);

  /**
   * Receives one datagram (UDP); {@link Request#remote} is its sender. A short buffer gets the
   * beginning and ends {@link Status#BUFFER_OVERFLOW}.
   *
   * @param from takes datagrams of this sender only (an unspecified address or port 0 matches all),
   *     null for any
   */
  void receiveDatagram(
      Request request,
      MemorySegment target,
      long offset,
      long length,
      @Nullable TransportAddress from);

  /** Sends the buffer's remaining bytes as one datagram; at passive level. */
  void sendDatagram(TransportAddress remote, ByteBuffer source) throws TransportException;

  /**
   * Waits for a datagram and puts it into the buffer; at passive level.
   *
   * @return its sender
   * @throws TransportException {@link Status#IO_TIMEOUT}; {@link Status#BUFFER_OVERFLOW} with the
   *     beginning in the buffer
   */
  TransportAddress receiveDatagram(ByteBuffer target, Duration timeout) throws TransportException;

  /** Sends the buffer's remaining bytes as one datagram. */
  CompletionStage<Long> sendDatagramAsync(TransportAddress remote, ByteBuffer source);

  /** Receives a datagram into the buffer; completes with its sender. */
  CompletionStage<TransportAddress> receiveDatagramAsync(ByteBuffer target);

  /**
   * Closes this handle: its handlers are deregistered, its pending requests end {@link
   * Status#CANCELLED}. With the address's last handle its listener is closed and listens end
   * CANCELLED; connections stay, and their disconnects reach the handlers they had. Returns when
   * none of its handlers runs, after ten seconds at the latest; it does not wait at dispatch level,
   * nor while the stack is parked.
   */
  @Override
  void close();
}
