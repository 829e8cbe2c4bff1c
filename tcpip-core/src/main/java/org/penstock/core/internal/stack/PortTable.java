package org.penstock.core.internal.stack;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.penstock.api.runtime.RandomSource;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Udp;

/** The reference counters of a stack's ports: one atomic for each port and protocol. */
public final class PortTable implements Ports {

  private static final int PORTS = 65_536;

  private final RandomSource random;
  private final AtomicIntegerArray tcp = new AtomicIntegerArray(PORTS);
  private final AtomicIntegerArray udp = new AtomicIntegerArray(PORTS);

  /** A table with all ports free; ephemeral ports are drawn by the given source. */
  public PortTable(RandomSource random) {
    this.random = random;
  }

  @Override
  public int draw(int protocol) {
    // RFC 6056 §3.3.1, algorithm 1: begin anywhere, then go on to the next that is free.
    AtomicIntegerArray counters = counters(protocol);
    int count = LAST_EPHEMERAL - FIRST_EPHEMERAL + 1;
    int start = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % count;
      if (counters.compareAndSet(port, 0, 1)) {
        return port;
      }
    }
    return -1;
  }

  @Override
  public void retain(int protocol, int port) {
    counters(protocol).incrementAndGet(port);
  }

  @Override
  public void release(int protocol, int port) {
    if (counters(protocol).decrementAndGet(port) < 0) {
      counters(protocol).incrementAndGet(port);
      throw new IllegalStateException(
          "port " + port + " of protocol " + protocol + " was released more often than retained");
    }
  }

  @Override
  public int references(int protocol, int port) {
    return counters(protocol).get(port);
  }

  private AtomicIntegerArray counters(int protocol) {
    return protocol == Udp.PROTOCOL ? udp : tcp;
  }
}
