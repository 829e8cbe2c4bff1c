package org.penstock.core.internal.tcp;

import org.penstock.core.api.TcpSettings;

/**
 * How long something may stay unacknowledged (RFC 9293 §3.8.3), and what both sides tell each other
 * of that (RFC 5482): the user's own time, which is told to the peer, or where the user has none,
 * the peer's. Owned by the cell.
 */
final class UserTimeout {

  private static final long SECOND = 1_000_000_000L;

  /** L_LIMIT of RFC 5482 §3.1: R2 of RFC 9293 §3.8.3, 100 s. */
  private static final long LEAST = 100 * SECOND;

  /** U_LIMIT of RFC 5482 §3.1: a peer that is gone holds memory for no longer. */
  private static final long MOST = 3600 * SECOND;

  private TcpSettings settings;
  private long asked;
  private boolean due;

  UserTimeout(TcpSettings settings) {
    this.settings = settings;
  }

  /** Nanoseconds, 0 for the stack's retry limits. */
  long nanos() {
    long own = settings.userTimeoutNanos();
    return own > 0 ? own : asked;
  }

  /** The peer asks for that many seconds, or 0 for nothing. */
  void asked(int seconds) {
    if (seconds > 0 && settings.userTimeoutOption()) {
      // RFC 5482 §3.1: min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)), where there is no ADV_UTO:
      // a user that has set one has said what it wants.
      asked = Math.clamp(seconds * SECOND, LEAST, MOST);
    }
  }

  /** ADV_UTO: seconds to tell the peer, rounded up; 0 for nothing. */
  int advertised() {
    long nanos = settings.userTimeoutOption() ? settings.userTimeoutNanos() : 0;
    return (int) Math.min(Integer.MAX_VALUE, nanos / SECOND + (nanos % SECOND > 0 ? 1 : 0));
  }

  /**
   * The user's settings have changed.
   *
   * @return true if the peer is to be told
   */
  boolean changed(TcpSettings to) {
    int before = advertised();
    settings = to;
    return advertised() != before && tell();
  }

  /**
   * The peer is to be told, if there is something to tell.
   *
   * @return true if there is
   */
  boolean tell() {
    due = advertised() > 0;
    return due;
  }

  /** True if the next segment that has room is to tell. */
  boolean isDue() {
    return due;
  }

  /** It was told. */
  void told() {
    due = false;
  }
}
