package org.penstock.core.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The ports of a stack, with a counter of references for each: address files, listeners and PCBs
 * hold them, TIME-WAIT included. One allocator for the whole stack; all methods may be called from
 * any thread and never block.
 */
@ProviderType
public interface Ports {

  /** First port of the dynamic range (RFC 6335 §6). */
  int FIRST_EPHEMERAL = 49_152;

  /** Last port of the dynamic range. */
  int LAST_EPHEMERAL = 65_535;

  /**
   * Draws a port that nobody holds, at random (RFC 6056 §3.3.2), and takes a reference on it.
   *
   * @param protocol {@link Tcp#PROTOCOL} or {@link Udp#PROTOCOL}
   * @return the port, or -1 if all are held
   */
  int draw(int protocol);

  /** Takes a reference. */
  void retain(int protocol, int port);

  /** Gives a reference back. */
  void release(int protocol, int port);

  /** How many references there are at this moment. */
  int references(int protocol, int port);
}
