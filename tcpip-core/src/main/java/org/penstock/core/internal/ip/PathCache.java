package org.penstock.core.internal.ip;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/**
 * The ways a cell sent datagrams by lately, so that a datagram to a peer of late looks nothing up
 * and allocates nothing. Owned by the cell.
 */
public final class PathCache {

  private static final int PLACES = 256;

  private final PacketOutput output;
  private final @Nullable Path[] paths = new @Nullable Path[PLACES];
  private final @Nullable IpAddress[] sources = new @Nullable IpAddress[PLACES];

  /** An empty cache of what the output looks up. */
  public PathCache(PacketOutput output) {
    this.output = output;
  }

  /**
   * The current way to a destination.
   *
   * @param local the source address, or an unspecified one to have it chosen
   * @return null if there is none
   */
  public @Nullable Path route(IpAddress local, IpAddress remote) {
    int place = place(local, remote);
    Path path = paths[place];
    if (path == null
        || !output.isCurrent(path)
        || !remote.equals(path.remote())
        || !local.equals(sources[place])) {
      path = output.route(local, remote);
      paths[place] = path;
      sources[place] = local;
    }
    return path;
  }

  /** The way by which something was sent lately from that address to the other, or null. */
  public @Nullable Path used(IpAddress local, IpAddress remote) {
    for (IpAddress source : new IpAddress[] {local, IpAddress.ANY_IPV4}) {
      Path path = paths[place(source, remote)];
      if (path != null && remote.equals(path.remote()) && local.equals(path.local())) {
        return path;
      }
    }
    return null;
  }

  private static int place(IpAddress local, IpAddress remote) {
    return (int) Mix.of(local.low() ^ remote.high(), remote.low()) & PLACES - 1;
  }
}
