package org.penstock.core.internal.ip;

import java.util.concurrent.atomic.AtomicBoolean;
import org.penstock.api.concurrency.Section;
import org.penstock.core.api.CellTimer;
import org.penstock.core.api.Gate;

/**
 * Path MTU discovery (RFC 1191): what routers say that they can't pass on, once a transport has
 * found that it did send such a packet. What is learned counts for all that is sent to the
 * destination, for ten minutes; then the first link's MTU is tried again.
 */
final class PathMtuDiscovery {

  /**
   * The least that is believed. Differs from RFC 1191 §3, which goes down to 68 bytes, because
   * whoever can forge one such message would have everything sent in crumbs; as Linux. To what says
   * less, packets go without the bit that forbids to fragment them.
   */
  static final int LEAST = 552;

  /** RFC 791 §3.2: every router passes on so many bytes, so no honest one says less. */
  private static final int LEAST_OF_ALL = 68;

  /** RFC 1191 §6.3: after ten minutes the path may be a better one. */
  static final long AGE_NANOS = 600_000_000_000L;

  private final NetworkTables tables;
  private final Gate gate;
  private final CellTimer timer;
  private final AtomicBoolean posted = new AtomicBoolean();
  private final Section arming =
      new Section(Homes.CONTROL) {
        @Override
        protected void run() {
          posted.set(false);
          arm();
        }
      };

  PathMtuDiscovery(NetworkTables tables, Gate gate) {
    this.tables = tables;
    this.gate = gate;
    this.timer = gate.timer(Homes.CONTROL, this::age);
  }

  /**
   * Takes a router's word. From any cell.
   *
   * @param path the path of the packet, as it was looked up last
   * @param told what the router can pass on, 0 if it did not say
   * @param length of the packet that was quoted
   * @return true if less is sent from now on
   */
  boolean tooBig(Path path, int told, int length, long now) {
    int known = path.mtu();
    // RFC 1191 §5: routers of old do not say. The quoted length is one that did not pass.
    int said = told == 0 ? PathPlateaus.below(Math.min(known, length)) : told;
    if (said < LEAST_OF_ALL || said >= known) {
      return false;
    }
    boolean narrow = said < LEAST;
    int mtu = Math.min(known, Math.max(said, LEAST));
    if (mtu == known && path.isNarrow()) {
      return false;
    }
    tables.learn(path.remote(), new PathMtus.Known(mtu, narrow, now));
    if (posted.compareAndSet(false, true)) {
      gate.post(arming);
    }
    return true;
  }

  private void arm() {
    PathMtus known = tables.snapshot().pathMtus();
    if (!known.isEmpty() && !timer.isArmed()) {
      timer.arm(known.oldest() + AGE_NANOS);
    }
  }

  private void age() {
    tables.forget(gate.now(Homes.CONTROL) - AGE_NANOS);
    arm();
  }
}
