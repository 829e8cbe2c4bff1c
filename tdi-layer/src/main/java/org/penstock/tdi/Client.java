package org.penstock.tdi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.core.api.Chunk;

/**
 * Who uses a transport: carries identity, quota and clean-up. Every object is opened through a
 * client, and closed with it at the latest.
 *
 * <p>With OSGi a client is a service with the property {@code stack.name}, an instance for each
 * bundle (or, with prototype scope, for each that asks); it is closed when the bundle stops. All
 * methods may be called from any thread.
 */
@ProviderType
public interface Client extends AutoCloseable {

  /** Its name, for people. */
  String identity();

  /** The stack's name. */
  String stackName();

  /** The stack's threads, time and chance. */
  StackRuntime runtime();

  /**
   * Opens an address with {@linkplain AddressOptions#DEFAULT default} options: exclusively.
   *
   * @param local an address of the stack's or an unspecified one for all; port 0 draws one
   * @throws TransportException {@link Status#INVALID_PARAMETER}, {@link
   *     Status#ADDRESS_ALREADY_EXISTS}, {@link Status#SHARING_VIOLATION}, {@link
   *     Status#TOO_MANY_ADDRESSES}, {@link Status#INVALID_HANDLE} if the client was closed
   */
  default AddressFile openAddress(Protocol protocol, TransportAddress local)
      throws TransportException {
    return openAddress(protocol, local, AddressOptions.DEFAULT);
  }

  /**
   * Opens an address.
   *
   * @param local an address of the stack's or an unspecified one for all; port 0 draws one
   * @throws TransportException as {@link #openAddress(Protocol, TransportAddress)}
   */
  AddressFile openAddress(Protocol protocol, TransportAddress local, AddressOptions options)
      throws TransportException;

  /**
   * Opens an endpoint without an address.
   *
   * @param context the client's own, handed back in every event
   * @throws TransportException {@link Status#INSUFFICIENT_RESOURCES}, {@link Status#INVALID_HANDLE}
   */
  ConnectionEndpoint openEndpoint(@Nullable Object context) throws TransportException;

  /**
   * Opens an endpoint that is associated with an address file from the start.
   *
   * @param context the client's own, handed back in every event
   * @throws TransportException {@link Status#INSUFFICIENT_RESOURCES}, {@link
   *     Status#INVALID_HANDLE}, {@link Status#INVALID_PARAMETER} if the file is not one of TCP
   */
  ConnectionEndpoint openEndpoint(AddressFile file, @Nullable Object context)
      throws TransportException;

  /**
   * Opens a control channel.
   *
   * @throws TransportException {@link Status#INVALID_HANDLE} if the client was closed
   */
  ControlChannel openControl() throws TransportException;

  /**
   * Leases a chunk of the stack's memory, to be filled and sent in place. It is the caller's until
   * it is given to a send or released; what a closed client has not given back is written off.
   *
   * @param bytes what it should hold; up to 4 KiB a small chunk is leased, else one of 64 KiB,
   *     which may hold less than asked for
   * @return the chunk, or null if the client's quota or the stack's memory is used up
   */
  @Nullable Chunk lease(int bytes);

  /**
   * Closes everything opened through the client; what was pending ends {@link Status#CANCELLED}.
   * Returns when none of its handlers runs any more, after ten seconds at the latest; it does not
   * wait at dispatch level, nor while the stack is parked.
   */
  @Override
  void close();
}
