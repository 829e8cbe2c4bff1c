package org.penstock.tdi;

import org.osgi.annotation.versioning.ConsumerType;

/** Told once when a request has ended. */
@ConsumerType
@FunctionalInterface
public interface Completion {

  /**
   * The request has ended. Called at dispatch level, never under a lock; it must not block, and may
   * issue any request, this one included.
   *
   * @param request the request, free to be used again
   * @param status how it ended
   * @param count bytes sent or received
   */
  void completed(Request request, Status status, long count);
}
