package org.penstock.core.internal.slot;

import org.penstock.api.buffer.Landing;
import org.penstock.api.netif.LinkType;
import org.penstock.core.internal.ip.SlotLink;

/** Where received frames go. */
public interface FrameInput {

  /**
   * The cell a raw frame belongs to; from any thread, outside of every partition.
   *
   * @param link what the frame starts with, as its driver announced
   */
  int cellOf(LinkType link, Landing frame);

  /**
   * Takes a frame in, inside its cell.
   *
   * @param link what the frame starts with, as its driver announced
   * @param mayKeep false if the landing must stay with the caller
   * @return true if the landing was kept
   */
  boolean frame(SlotLink slot, LinkType link, int cell, Landing frame, boolean mayKeep);
}
