package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.IpAddress;

/**
 * Raw IP: whole packets of one protocol, for protocols that the stack does not have and for tools
 * that look at those it has. IPv4 only.
 */
@ProviderType
public interface Raw {

  /** The cell in which all ports of a protocol live; from any thread. */
  int cellOf(int protocol);

  /**
   * Opens a protocol; several may be open for one. Called inside its {@linkplain #cellOf cell}.
   * Each gets a copy of every packet of that protocol that is for its address, once it is put
   * together from its fragments; the stack's own protocols get theirs all the same. While one is
   * open for a protocol that the stack does not have, nobody is told that it is unreachable.
   *
   * @param protocol the IP protocol number, 0 to 255
   * @param local an address of ours, or an unspecified one for all
   * @throws IllegalArgumentException if there is no such protocol, or the address is not ours
   * @throws IllegalStateException from outside of the cell
   */
  RawPort open(int protocol, IpAddress local, RawUser user);
}
