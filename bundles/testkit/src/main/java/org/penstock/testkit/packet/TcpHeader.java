package org.penstock.testkit.packet;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A TCP header.
 *
 * @param seq sequence number, 0 to 2^32-1
 * @param ack acknowledgement number, 0 to 2^32-1, of a meaning only with ACK
 * @param flags the control bits
 * @param window the window field as sent, not scaled
 * @param urgent the urgent pointer
 * @param options in order, padding included
 * @param headerLength octets of this header, options included
 * @param checksum over pseudo-header and segment
 */
public record TcpHeader(
    int sourcePort,
    int destinationPort,
    long seq,
    long ack,
    Set<TcpFlag> flags,
    int window,
    int urgent,
    List<TcpOption> options,
    int headerLength,
    ChecksumVerdict checksum) {

  /** Copies flags and options. */
  public TcpHeader {
    flags = Set.copyOf(flags);
    options = List.copyOf(options);
  }

  /** True if all of these flags are set. */
  public boolean has(TcpFlag... wanted) {
    return flags.containsAll(List.of(wanted));
  }

  /** The first option of a kind. */
  public <T extends TcpOption> Optional<T> option(Class<T> kind) {
    return options.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
