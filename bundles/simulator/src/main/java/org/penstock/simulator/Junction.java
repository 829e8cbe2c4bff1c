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

  private final List<List<JunctionPort>> ports = new ArrayList<>();
  private final List<JunctionPort> current = new ArrayList<>();
  private long refused;
  private @Nullable Mutex mutex;

  /** Plugs in the next host's cable. */
  void plug(Netif cable, StackRuntime runtime) {
    ports.add(new ArrayList<>());
    current.add(plug(ports.size() - 1, cable, runtime));
  }

  /** Plugs in another cable of a host's; frames go to it when one has come from it. */
  JunctionPort plug(int host, Netif cable, StackRuntime runtime) {
    List<JunctionPort> cables = ports.get(host);
    int index = cables.size();
    JunctionPort port =
        new JunctionPort(
            "port" + host + "." + index,
            mac(host),
            runtime,
            cable,
            frame -> takeIn(host, index, frame));
    cables.add(port);
    return port;
  }

  /** The station address of a port. */
  static MacAddress mac(int port) {
    return MacAddress.locallyAdministered(0x0a_0000L + port);
  }

  /** A frame has arrived at a port. */
  abstract void arrived(int port, MemorySegment frame);

  /** How many ports there are: one for each host, whatever its cables. */
  int ports() {
    return ports.size();
  }

  /** Sends a frame out of a port; what finds no room is dropped, as a switch does. */
  void send(int port, MemorySegment frame) {
    if (!current.get(port).send(frame)) {
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
    all().forEach(port -> crew.start(port.slot(), port::run));
  }

  /** Ends the threads. */
  void stop() {
    all().forEach(JunctionPort::stop);
  }

  private List<JunctionPort> all() {
    return ports.stream().flatMap(List::stream).toList();
  }

  private void takeIn(int host, int cable, MemorySegment frame) {
    Mutex shared = mutex;
    if (shared == null) {
      arrived(host, frame);
      return;
    }
    shared.lock();
    try {
      current.set(host, ports.get(host).get(cable));
      arrived(host, frame);
    } finally {
      shared.unlock();
    }
  }

  /** Takes what has come; returns how many frames. */
  int work() {
    int done = 0;
    for (JunctionPort port : all()) {
      done += port.work();
    }
    return done;
  }

  /** When a frame next comes. */
  long nextDue() {
    long first = StackRuntime.NEVER;
    for (JunctionPort port : all()) {
      first = Math.min(first, port.nextDue());
    }
    return first;
  }

  void close() {
    all().forEach(JunctionPort::detach);
  }
}
