package org.penstock.tdi;

import org.penstock.core.api.IpSettings;
import org.penstock.core.api.TcpSettings;

/**
 * What an address file is opened with; {@link #DEFAULT} for most.
 *
 * @param shared true to let others who say the same open the address as well; the first opener
 *     decides
 * @param reuse true to open the address although connections of a former address file still hold
 *     its port, TIME-WAIT included
 * @param backlog most connections that wait for a listen or a connect handler, and beside them most
 *     handshakes under way; the first handle of a shared address decides
 * @param datagramBytes most bytes of datagrams that wait for a receive
 * @param settings of connections made or accepted through the address
 * @param broadcast true to let datagrams be sent to broadcast addresses
 * @param dontFragment true to send no datagram in fragments: one that is longer than what is known
 *     of its path (RFC 1191) is refused
 * @param ip what datagrams carry in the IP header; connections have theirs in {@code settings}
 */
public record AddressOptions(
    boolean shared,
    boolean reuse,
    int backlog,
    int datagramBytes,
    TcpSettings settings,
    boolean broadcast,
    boolean dontFragment,
    IpSettings ip) {

  /** Exclusive, reusable, a backlog of 128, 256 KiB of datagrams, the stack's TCP settings. */
  public static final AddressOptions DEFAULT =
      new AddressOptions(
          false, true, 128, 256 * 1024, TcpSettings.DEFAULT, false, false, IpSettings.DEFAULT);

  /** Refuses what can't be. */
  public AddressOptions {
    if (backlog < 1 || backlog > 65_535) {
      throw new IllegalArgumentException("backlog " + backlog + " is not between 1 and 65535");
    }
    if (datagramBytes < 1) {
      throw new IllegalArgumentException("datagramBytes " + datagramBytes + " is below 1");
    }
  }

  /** The same, shared or exclusive. */
  public AddressOptions withShared(boolean on) {
    return new AddressOptions(
        on, reuse, backlog, datagramBytes, settings, broadcast, dontFragment, ip);
  }

  /** The same with or without reuse of a port that former connections hold. */
  public AddressOptions withReuse(boolean on) {
    return new AddressOptions(
        shared, on, backlog, datagramBytes, settings, broadcast, dontFragment, ip);
  }

  /** The same with another backlog. */
  public AddressOptions withBacklog(int connections) {
    return new AddressOptions(
        shared, reuse, connections, datagramBytes, settings, broadcast, dontFragment, ip);
  }

  /** The same with another limit of waiting datagrams, in bytes. */
  public AddressOptions withDatagramBytes(int bytes) {
    return new AddressOptions(shared, reuse, backlog, bytes, settings, broadcast, dontFragment, ip);
  }

  /** The same with other TCP settings. */
  public AddressOptions withSettings(TcpSettings tcp) {
    return new AddressOptions(
        shared, reuse, backlog, datagramBytes, tcp, broadcast, dontFragment, ip);
  }

  /** The same with or without permission to send broadcasts. */
  public AddressOptions withBroadcast(boolean on) {
    return new AddressOptions(
        shared, reuse, backlog, datagramBytes, settings, on, dontFragment, ip);
  }

  /** The same with datagrams that may be fragmented, or may not. */
  public AddressOptions withDontFragment(boolean on) {
    return new AddressOptions(shared, reuse, backlog, datagramBytes, settings, broadcast, on, ip);
  }

  /** The same with other IP headers of datagrams. */
  public AddressOptions withIp(IpSettings headers) {
    return new AddressOptions(
        shared, reuse, backlog, datagramBytes, settings, broadcast, dontFragment, headers);
  }
}
