package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.TransportAddress;

/** UDP, as the transport layer uses it. */
@ProviderType
public interface Udp {

  /** IP protocol number. */
  int PROTOCOL = 17;

  /** The cell in which everything of a local port lives; from any thread. */
  int cellOf(int localPort);

  /**
   * Opens a local address; several may be open for one port. Called inside {@link #cellOf} of its
   * port. A datagram goes to every port that matches its destination best (a specified local
   * address before an unspecified one).
   *
   * @param local an address of ours or an unspecified one for all, and a port that the caller holds
   *     a reference on
   */
  UdpPort open(TransportAddress local, UdpUser user);
}
