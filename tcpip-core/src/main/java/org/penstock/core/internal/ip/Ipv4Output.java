package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/** Skeleton. */
public final class Ipv4Output implements PacketOutput {

  Ipv4Output() {}

  @Override
  public @Nullable Path route(IpAddress local, IpAddress remote) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isCurrent(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int segmentation(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OutboundPacket begin(Path path, int protocol, int transportHeader) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome end(@Nullable TransmitWaiter waiter) {
    throw new UnsupportedOperationException();
  }

  /**
   * The slot has a driver again, or room, or is gone: whoever waited tries again. Inside the cell.
   */
  public void resume(int slot) {
    throw new UnsupportedOperationException();
  }
}
