package org.penstock.netif.tap;

import org.penstock.api.netif.NetifException;

/**
 * A TAP or TUN device could not be opened, configured or used. The message is one line: what was
 * tried, what the kernel answered, and what to do about it.
 */
public final class TapException extends NetifException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was tried, what the kernel answered, what to do
   */
  public TapException(String message) {
    super(message);
  }
}
