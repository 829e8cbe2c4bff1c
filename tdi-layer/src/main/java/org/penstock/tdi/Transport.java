package org.penstock.tdi;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.core.api.Stack;
import org.penstock.tdi.internal.StackTransport;

/**
 * The transport layer over one stack. With OSGi it is a service with the property {@code
 * stack.name}; without, {@link #of} makes one. All methods may be called from any thread.
 */
@ProviderType
public interface Transport extends AutoCloseable {

  /** A transport over a stack; close it before the stack. */
  static Transport of(Stack stack) {
    return new StackTransport(stack);
  }

  /** The stack's name. */
  String stackName();

  /**
   * Opens a client without limits.
   *
   * @param identity its name, for people
   * @throws IllegalStateException if the transport was closed
   */
  default Client client(String identity) {
    return client(identity, Quota.UNLIMITED);
  }

  /**
   * Opens a client.
   *
   * @param identity its name, for people
   * @throws IllegalStateException if the transport was closed
   */
  Client client(String identity, Quota quota);

  /** Every open handle of an address file; enters no cell. */
  List<AddressInfo> addressFiles();

  /** Every open connection endpoint; enters no cell. */
  List<ConnectionInfo> endpoints();

  /**
   * Closes every client: connections are reset, every request completes. Takes a few seconds at
   * most, whatever the stack does; what a stack that is parked can't do then, it does when it goes
   * on or stops.
   */
  @Override
  void close();
}
