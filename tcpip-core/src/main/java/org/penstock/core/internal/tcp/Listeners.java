package org.penstock.core.internal.tcp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Tcp;

/** The listeners of a stack by port, in a snapshot that is replaced as a whole. From any thread. */
final class Listeners {

  private static final VarHandle SNAPSHOT;

  static {
    try {
      SNAPSHOT = MethodHandles.lookup().findVarHandle(Listeners.class, "snapshot", Map.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Ports ports;
  private volatile Map<Integer, List<Listener>> snapshot = Map.of();

  Listeners(Ports ports) {
    this.ports = ports;
  }

  /** Adds a listener with a reference on its port; false if there is one at that address. */
  boolean add(Listener listener) {
    while (true) {
      Map<Integer, List<Listener>> old = snapshot;
      int port = listener.local().port();
      List<Listener> there = old.getOrDefault(port, List.of());
      for (Listener other : there) {
        if (other.local().address().equals(listener.local().address())) {
          return false;
        }
      }
      List<Listener> more = new ArrayList<>(there);
      // Specific addresses first.
      if (listener.local().address().isAny()) {
        more.add(listener);
      } else {
        more.addFirst(listener);
      }
      if (replace(old, port, more)) {
        ports.retain(Tcp.PROTOCOL, port);
        return true;
      }
    }
  }

  /** Removes a listener and its reference on the port. */
  void remove(Listener listener) {
    int port = listener.local().port();
    while (true) {
      Map<Integer, List<Listener>> old = snapshot;
      List<Listener> rest = new ArrayList<>(old.getOrDefault(port, List.of()));
      if (!rest.remove(listener)) {
        return;
      }
      if (replace(old, port, rest)) {
        ports.release(Tcp.PROTOCOL, port);
        return;
      }
    }
  }

  private boolean replace(Map<Integer, List<Listener>> old, int port, List<Listener> listeners) {
    Map<Integer, List<Listener>> changed = new HashMap<>(old);
    if (listeners.isEmpty()) {
      changed.remove(port);
    } else {
      changed.put(port, List.copyOf(listeners));
    }
    return SNAPSHOT.compareAndSet(this, old, changed);
  }

  /** The listener for an address of ours and a port: the one at that address, or one for all. */
  @Nullable Listener find(long high, long low, int port) {
    List<Listener> there = snapshot.get(port);
    if (there == null) {
      return null;
    }
    boolean ipv4 = high == 0 && low >>> 32 == 0xffff;
    for (Listener listener : there) {
      IpAddress address = listener.local().address();
      boolean exact = address.high() == high && address.low() == low;
      // The unspecified IPv6 address stands for both families (RFC 3493 §3.7).
      if (exact || (address.isAny() && (ipv4 || !address.isIpv4()))) {
        return listener;
      }
    }
    return null;
  }

  /** All listeners. */
  List<Listener> all() {
    List<Listener> all = new ArrayList<>();
    snapshot.values().forEach(all::addAll);
    return all;
  }
}
