package org.penstock.core.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.penstock.api.IpAddress;
import org.penstock.api.buffer.Landing;

/** Who owns a raw IP endpoint. Called at core level, inside the port's cell; must not block. */
@ConsumerType
@FunctionalInterface
public interface RawUser {

  /**
   * A packet arrived.
   *
   * @param remote its sender
   * @param local the address it was sent to
   * @param packet lent for the call: from its IP header on, as {@linkplain Landing#offset()
   *     described}. Others may be shown the same; who keeps the bytes copies them. Checksums of
   *     what is inside were not looked at, and may have been left out where a device computes them
   * @return true if it was taken; false if it was dropped for want of room, which is counted
   */
  boolean received(IpAddress remote, IpAddress local, Landing packet);
}
