package org.penstock.api.netif;

import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.buffer.Landing;

/** The way up for the frames of one receive queue. Used by one thread at a time. */
@ProviderType
public interface ReceivePort {

  /**
   * The landings lent to the driver, as many as it asked for; the array is the driver's to index,
   * its entries are replaced by {@link #deliver}. Each holds the largest frame that the driver's
   * capabilities announce, with {@link #HEADROOM} bytes in front for a device header.
   */
  Landing[] landings();

  /** Bytes a driver may use in front of the frame for its own header (virtio-net and the like). */
  int HEADROOM = 16;

  /**
   * Delivers the first {@code count} landings of {@link #landings}, each {@linkplain
   * Landing#describe described}. This is an exchange: on return each of these entries is an empty
   * landing (which may be the same one), so that a driver never starves; frames for which there is
   * no memory are counted as dropped.
   *
   * <p>The calling thread may run the stack: it must hold no lock.
   */
  void deliver(int count);

  /** Gives all landings back when the driver detaches; the port is closed. */
  void giveBack();
}
