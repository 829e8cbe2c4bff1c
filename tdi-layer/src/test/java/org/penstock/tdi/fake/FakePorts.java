package org.penstock.tdi.fake;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.penstock.core.api.Ports;

/** Port counters; drawn ports come in order. */
public final class FakePorts implements Ports {

  private final AtomicIntegerArray tcp = new AtomicIntegerArray(65_536);
  private final AtomicIntegerArray udp = new AtomicIntegerArray(65_536);
  private volatile int lastDrawn = LAST_EPHEMERAL;

  /** Leaves only some of the dynamic ports to be drawn. */
  public void limitTo(int count) {
    lastDrawn = FIRST_EPHEMERAL + count - 1;
  }

  @Override
  public int draw(int protocol) {
    for (int port = FIRST_EPHEMERAL; port <= lastDrawn; port++) {
      if (of(protocol).compareAndSet(port, 0, 1)) {
        return port;
      }
    }
    return -1;
  }

  @Override
  public void retain(int protocol, int port) {
    of(protocol).incrementAndGet(port);
  }

  @Override
  public void release(int protocol, int port) {
    if (of(protocol).decrementAndGet(port) < 0) {
      throw new IllegalStateException("port " + port + " released too often");
    }
  }

  @Override
  public int references(int protocol, int port) {
    return of(protocol).get(port);
  }

  private AtomicIntegerArray of(int protocol) {
    return protocol == 6 ? tcp : udp;
  }
}
