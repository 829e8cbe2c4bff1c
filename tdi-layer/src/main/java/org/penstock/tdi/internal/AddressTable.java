package org.penstock.tdi.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.TransportAddress;
import org.penstock.core.api.Ports;
import org.penstock.core.api.Stack;
import org.penstock.tdi.AddressOptions;
import org.penstock.tdi.Protocol;
import org.penstock.tdi.Status;
import org.penstock.tdi.TransportException;

/**
 * The addresses in use, by protocol and port, and the rules by which openers share them. Any
 * thread; openers of one port come one after the other.
 */
final class AddressTable {

  private final Stack stack;
  private final ConcurrentMap<Integer, List<SharedAddress>> byPort = new ConcurrentHashMap<>();
  private final AtomicInteger nextCell = new AtomicInteger();

  AddressTable(Stack stack) {
    this.stack = stack;
  }

  /**
   * Opens an address, or joins one that is open and shared; the caller gets a reference.
   *
   * @throws TransportException {@link Status#ADDRESS_ALREADY_EXISTS}, {@link
   *     Status#SHARING_VIOLATION}, {@link Status#TOO_MANY_ADDRESSES}
   */
  SharedAddress open(Protocol protocol, TransportAddress local, AddressOptions options)
      throws TransportException {
    return local.port() == 0
        ? draw(protocol, local.address(), options)
        : take(protocol, local, options, false);
  }

  private SharedAddress draw(Protocol protocol, IpAddress address, AddressOptions options)
      throws TransportException {
    Ports ports = stack.ports();
    while (true) {
      int port = ports.draw(protocol.number());
      if (port < 0) {
        throw new TransportException(
            Status.TOO_MANY_ADDRESSES, protocol + " " + address + ": no port is free");
      }
      try {
        return take(protocol, new TransportAddress(address, port), options, true);
      } catch (TransportException e) {
        // Somebody asked for this very port in the same moment: draw another.
        ports.release(protocol.number(), port);
      }
    }
  }

  /**
   * Takes an address with a given port.
   *
   * @param held true if the caller's reference on the port is to become the address's
   */
  private SharedAddress take(
      Protocol protocol, TransportAddress local, AddressOptions options, boolean held)
      throws TransportException {
    Opening opening = new Opening(protocol, local, options, held);
    byPort.compute(key(protocol, local.port()), (key, present) -> opening.into(present));
    SharedAddress result = opening.result;
    if (result == null) {
      throw new TransportException(opening.refusal, "open " + protocol + " " + local);
    }
    return result;
  }

  /** Forgets an address whose last reference is gone, and gives its port back. */
  void remove(SharedAddress address) {
    int port = address.local().port();
    byPort.computeIfPresent(
        key(address.protocol(), port),
        (key, present) -> {
          List<SharedAddress> left = new ArrayList<>(present);
          left.remove(address);
          return left.isEmpty() ? null : left;
        });
    stack.ports().release(address.protocol().number(), port);
  }

  /** A cell for something new that may live in any. */
  int drawCell() {
    return nextCell.getAndIncrement() & (stack.gate().cells() - 1);
  }

  private static Integer key(Protocol protocol, int port) {
    return protocol.number() << 16 | port;
  }

  /** True if a segment or datagram could be for both: any overlaps all of its family. */
  private static boolean overlap(IpAddress one, IpAddress other) {
    return one.isIpv4() == other.isIpv4() && (one.isAny() || other.isAny() || one.equals(other));
  }

  /** One opener's turn at a port. */
  private final class Opening {
    private final Protocol protocol;
    private final TransportAddress local;
    private final AddressOptions options;
    private final boolean held;
    private @Nullable SharedAddress result;
    private Status refusal = Status.ADDRESS_ALREADY_EXISTS;

    Opening(Protocol protocol, TransportAddress local, AddressOptions options, boolean held) {
      this.protocol = protocol;
      this.local = local;
      this.options = options;
      this.held = held;
    }

    /** Decides; returns what is open at the port from now on, null for nothing. */
    @Nullable List<SharedAddress> into(@Nullable List<SharedAddress> present) {
      List<SharedAddress> open = present == null ? List.of() : present;
      boolean used = false;
      for (SharedAddress other : open) {
        if (other.isGone()) {
          continue;
        }
        used = true;
        if (!overlap(other.local().address(), local.address())) {
          continue;
        }
        if (!options.shared() || !other.options().shared()) {
          boolean alike = options.shared() == other.options().shared();
          refusal = alike ? Status.ADDRESS_ALREADY_EXISTS : Status.SHARING_VIOLATION;
          return present;
        }
        if (other.local().equals(local) && other.retain()) {
          result = other;
          return present;
        }
      }
      int references = stack.ports().references(protocol.number(), local.port());
      if (!used && !held && !options.reuse() && references > 0) {
        return present;
      }
      if (!held) {
        stack.ports().retain(protocol.number(), local.port());
      }
      // By the port, so that what is closed and what is opened next meet in one queue.
      int cell =
          protocol == Protocol.UDP
              ? stack.udp().cellOf(local.port())
              : local.port() & (stack.gate().cells() - 1);
      SharedAddress made =
          new SharedAddress(stack, AddressTable.this, protocol, local, options, cell);
      List<SharedAddress> more = new ArrayList<>(open);
      more.add(made);
      result = made;
      return more;
    }
  }
}
