package org.penstock.core.internal.ip;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;

/**
 * What is known of paths that take less than their first link (RFC 1191 §5.2), for each
 * destination, oldest knowledge first. Immutable; a change makes another one. Changes are rare: a
 * destination's path gets narrower once in ten minutes at most, but for the steps of a search.
 */
final class PathMtus {

  static final PathMtus NONE = new PathMtus(Map.of());

  /** Destinations known, at most; the oldest gives way. */
  static final int MOST = 1024;

  /**
   * A path.
   *
   * @param mtu bytes that fit through
   * @param narrow true if less fits through: then routers have to fragment
   * @param learnedAt in nanoseconds
   */
  record Known(int mtu, boolean narrow, long learnedAt) {}

  private final Map<IpAddress, Known> known;

  private PathMtus(Map<IpAddress, Known> known) {
    this.known = known;
  }

  @Nullable Known find(IpAddress destination) {
    return known.get(destination);
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  PathMtus with(IpAddress destination, Known path) {
    Map<IpAddress, Known> changed = new LinkedHashMap<>(known);
    changed.remove(destination);
    if (changed.size() >= MOST) {
      changed.remove(changed.keySet().iterator().next());
    }
    changed.put(destination, path);
    return new PathMtus(changed);
  }

  /** Without what was learned by that time. */
  PathMtus after(long nanos) {
    Map<IpAddress, Known> changed = new LinkedHashMap<>(known);
    changed.values().removeIf(path -> path.learnedAt() <= nanos);
    return changed.size() == known.size() ? this : new PathMtus(changed);
  }

  /** When the oldest knowledge was learned; there must be some. */
  long oldest() {
    return known.values().iterator().next().learnedAt();
  }
}
