package org.penstock.core.internal.tcp;

import org.penstock.core.api.SynCookies;
import org.penstock.core.internal.hash.SipHash;
import org.penstock.core.internal.wire.SequenceNumber;
import org.penstock.core.internal.wire.TcpOptions;

/**
 * SYN cookies (RFC 4987 §3.6): makes them and knows them again. Owned by the cell, which the SYN
 * and the acknowledgement of a flow both come to.
 *
 * <p>A cookie is an initial sequence number made of, from the top: 5 bits of a clock that ticks
 * every 64 s, so that the numbers of a flow grow (RFC 9293 §3.4.1); 3 bits that name the peer's
 * segment size; and 24 bits of a keyed hash of these, the flow and the peer's own initial sequence
 * number. It is good for one to two ticks.
 *
 * <p>What else a SYN says has no place in it. Where both sides use timestamps, the peer echoes
 * ours, and window scale, SACK and ECN ride in its low bits, as Linux does; else there is none.
 */
final class CookieJar {

  /** {@link #open} did not know the cookie. */
  static final int FORGED = -1;

  private static final long SLOT = 64L * 1_000_000_000L;
  private static final int SLOTS = 2;

  private static final int SLOT_SHIFT = 27;
  private static final int SIZE_SHIFT = 24;
  private static final int SIZE_MASK = 7;
  private static final int HASH_MASK = (1 << SIZE_SHIFT) - 1;

  /**
   * The segment sizes that a cookie can name: least and default ones, those of tunnels, PPPoE and
   * Ethernet for both families, jumbo frames. A peer gets the next one below its own.
   */
  private static final int[] SIZES = {
    TcpLimits.LEAST_SEGMENT, TcpLimits.DEFAULT_SEGMENT_IPV4, 1220, 1360, 1420, 1440, 1460, 8940
  };

  private static final int RIDING_MASK = 0x3f;
  private static final int SCALE_MASK = 0xf;
  private static final int NO_SCALE = 0xf;
  private static final int SACK = 0x10;
  private static final int ECN = 0x20;

  private final SipHash secret;
  private long expectedUntil = Long.MIN_VALUE;

  CookieJar(SipHash secret) {
    this.secret = secret;
  }

  /**
   * Makes a cookie.
   *
   * @param size the segment size that the SYN names, or is assumed
   */
  int make(Segment syn, int size, long now) {
    int index = SIZES.length - 1;
    while (index > 0 && SIZES[index] > size) {
      index--;
    }
    expectedUntil = now + SLOTS * SLOT;
    return cookie(syn, syn.sequence(), index, Math.floorDiv(now, SLOT));
  }

  /** True if an acknowledgement may be that of a cookie: one was sent from this cell lately. */
  boolean isExpected(SynCookies when, long now) {
    return when != SynCookies.OFF && now <= expectedUntil;
  }

  /**
   * Knows the cookie that a segment acknowledges.
   *
   * @return the peer's segment size, or {@link #FORGED}
   */
  int open(Segment acknowledgement, long now) {
    int cookie = acknowledgement.acknowledgment() - 1;
    int index = cookie >>> SIZE_SHIFT & SIZE_MASK;
    long slot = Math.floorDiv(now, SLOT);
    for (int age = 0; age < SLOTS; age++) {
      if (cookie(acknowledgement, acknowledgement.sequence() - 1, index, slot - age) == cookie) {
        return SIZES[index];
      }
    }
    return FORGED;
  }

  private int cookie(Segment segment, int peersInitial, int index, long slot) {
    long flow =
        secret.hash(
            segment.localHigh(),
            segment.localLow(),
            segment.remoteHigh(),
            segment.remoteLow(),
            segment.localPort() << 16 | segment.remotePort());
    long hash = secret.hash(flow, (long) peersInitial << 32 | slot << 3 & 0xffff_ffffL | index);
    return (int) slot << SLOT_SHIFT | index << SIZE_SHIFT | (int) hash & HASH_MASK;
  }

  /** The value of our clock that lets options ride along: a little before the true one. */
  static int riding(NegotiatedOptions options, int scale, boolean ecn, int clock) {
    int bits = options.isScaling() ? scale : NO_SCALE;
    bits |= options.hasSack() ? SACK : 0;
    bits |= ecn ? ECN : 0;
    int value = clock & ~RIDING_MASK | bits;
    // RFC 7323 §5.4: the clock must not run ahead of itself.
    return SequenceNumber.greaterThan(value, clock) ? value - RIDING_MASK - 1 : value;
  }

  /** Whether window scale rode along in what the peer echoes. */
  static boolean hasScale(TcpOptions echoed) {
    return echoed.hasTimestamps() && scale(echoed) <= TcpOptions.MAX_WINDOW_SCALE;
  }

  /** The peer's window scale, if it {@linkplain #hasScale rode along}. */
  static int scale(TcpOptions echoed) {
    return echoed.timestampEchoReply() & SCALE_MASK;
  }

  /** Whether the peer permits SACK. */
  static boolean hasSack(TcpOptions echoed) {
    return echoed.hasTimestamps() && (echoed.timestampEchoReply() & SACK) != 0;
  }

  /** Whether ECN was granted to the peer. */
  static boolean hasEcn(TcpOptions echoed) {
    return echoed.hasTimestamps() && (echoed.timestampEchoReply() & ECN) != 0;
  }
}
