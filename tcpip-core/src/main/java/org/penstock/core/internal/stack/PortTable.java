package org.penstock.core.internal.stack;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.penstock.api.runtime.RandomSource;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Udp;

/** The reference counters of a stack's ports: one atomic for each port and protocol. */
public final class PortTable implements Ports {

  private static final int PORTS = 65_536;

  /** Ports tried at random before those that are left are looked for one by one. */
  private static final int DRAWS = 16;

  private final RandomSource random;
  private final AtomicIntegerArray tcp = new AtomicIntegerArray(PORTS);
  private final AtomicIntegerArray udp = new AtomicIntegerArray(PORTS);

  /** A table with all ports free; ephemeral ports are drawn by the given source. */
  public PortTable(RandomSource random) {
    this.random = random;
  }

  @Override
  public int draw(int protocol) {
    AtomicIntegerArray counters = counters(protocol);
    int count = LAST_EPHEMERAL - FIRST_EPHEMERAL + 1;
    // RFC 6056 §3.3.2, algorithm 2: draw anew for each attempt, since with algorithm 1 the port
    // behind a row of held ones is the likelier the longer the row.
    for (int i = 0; i < DRAWS; i++) {
      int port = FIRST_EPHEMERAL + random.nextInt(count);
      if (counters.compareAndSet(port, 0, 1)) {
        return port;
      }
    }
    // §3.3.1, algorithm 1, where few are free: begin anywhere, go on to the next that is.
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
