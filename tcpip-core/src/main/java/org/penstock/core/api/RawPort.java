package org.penstock.core.api;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.IpAddress;

/** An open raw IP endpoint. Owned by its cell: all methods are called inside it. */
@ProviderType
public interface RawPort {

  /** Its IP protocol number. */
  int protocol();

  /** Where it is open. */
  IpAddress local();

  /** As {@link UdpPort#ip}. */
  void ip(IpSettings settings);

  /** As {@link UdpPort#dontFragment}. */
  void dontFragment(boolean refuse);

  /** As {@link UdpPort#broadcast}. */
  void broadcast(boolean permit);

  /**
   * Sends one packet. The IP header is made for it; checksums of what is inside are the sender's
   * business, whatever the protocol. The memory is read by the time it returns.
   *
   * @return as for a datagram
   */
  UdpPort.Sent send(IpAddress remote, MemorySegment payload, long offset, int length);

  /** Closes it; the user is told nothing more. */
  void close();
}
