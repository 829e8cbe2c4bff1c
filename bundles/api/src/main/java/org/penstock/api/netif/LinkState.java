package org.penstock.api.netif;

/**
 * Whether a device can pass frames.
 *
 * @param up true if it can
 * @param bitsPerSecond nominal speed, 0 where not known
 */
public record LinkState(boolean up, long bitsPerSecond) {
  /** No link. */
  public static final LinkState DOWN = new LinkState(false, 0);

  /** A link of unknown speed. */
  public static final LinkState UP = new LinkState(true, 0);
}
