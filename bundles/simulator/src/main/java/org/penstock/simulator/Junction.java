package org.penstock.simulator;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.api.sync.Mutex;

/** What the hosts' cables meet in: a switch or a router. Takes no time; its links do. */
abstract class Junction {

  private final List<JunctionPort> ports = new ArrayList<>();
  private long refused;
  private @Nullable Mutex mutex;

  /** Plugs in the next host's cable. */
  void plug(Netif cable, StackRuntime runtime) {
    int index = ports.size();
    ports.add(
        new JunctionPort(
            "port" + index, mac(index), runtime, cable, frame -> takeIn(index, frame)));
  }

  /** The station address of a port. */
  static MacAddress mac(int port) {
    return MacAddress.locallyAdministered(0x0a_0000L + port);
  }

  /** A frame has arrived at a port. */
  abstract void arrived(int port, MemorySegment frame);

  /** How many ports there are. */
  int ports() {
    return ports.size();
  }

  /** Sends a frame out of a port; what finds no room is dropped, as a switch does. */
  void send(int port, MemorySegment frame) {
    if (!ports.get(port).send(frame)) {
      refused++;
    }
  }

  /** Frames that found no room in a cable. */
  long refused() {
    return refused;
  }

  /** Has a thread for each port take what comes; what they do they do one after the other. */
  void start(Crew crew) {
    mutex = new Mutex(crew.runtime());
    for (int i = 0; i < ports.size(); i++) {
      JunctionPort port = ports.get(i);
      crew.start("port" + i, port::run);
    }
  }

  /** Ends the threads. */
  void stop() {
    ports.forEach(JunctionPort::stop);
  }

  private void takeIn(int port, MemorySegment frame) {
    Mutex shared = mutex;
    if (shared == null) {
      arrived(port, frame);
      return;
    }
    shared.lock();
    try {
      arrived(port, frame);
    } finally {
      shared.unlock();
    }
  }

  /** Takes what has come; returns how many frames. */
  int work() {
    int done = 0;
    for (JunctionPort port : ports) {
      done += port.work();
    }
    return done;
  }

  /** When a frame next comes. */
  long nextDue() {
    long first = StackRuntime.NEVER;
    for (JunctionPort port : ports) {
      first = Math.min(first, port.nextDue());
    }
    return first;
  }

  void close() {
    ports.forEach(JunctionPort::detach);
  }
}
