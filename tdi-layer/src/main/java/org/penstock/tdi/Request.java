package org.penstock.tdi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;
import org.penstock.tdi.internal.Operation;

/**
 * Something asked of an object: asynchronous, cancellable, completed exactly once. It is given to
 * one of the methods of {@link ConnectionEndpoint} or {@link AddressFile} that take a request, and
 * may be given to any of them again once it has been completed.
 *
 * <p>All methods may be called from any thread at any level. Memory that belongs to a request
 * (where to receive, what to send) is the transport's until the completion.
 */
@ProviderType
public interface Request {

  /** A request, not yet issued. */
  static Request of(Completion completion) {
    return new Operation(completion);
  }

  /** True from its issue until its completion. */
  boolean isPending();

  /** How it ended the last time; {@link Status#PENDING} if it has not. */
  Status status();

  /** Bytes that it sent or received the last time. */
  long count();

  /**
   * The other side: of a listen or a connect that succeeded the peer, of a datagram received its
   * sender; else null.
   */
  @Nullable TransportAddress remote();

  /**
   * Asks for its end. Cancelling races with completing; one of them wins, and the completion says
   * which: {@link Status#CANCELLED} or another. A request that is not pending is left alone.
   */
  void cancel();
}
