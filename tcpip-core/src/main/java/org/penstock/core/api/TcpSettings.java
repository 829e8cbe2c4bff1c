package org.penstock.core.api;

import java.util.function.Consumer;

/**
 * What a connection is opened with, made from {@link #DEFAULT} by the methods that begin with
 * {@code with}. Times are in nanoseconds, sizes in bytes; 0 stands for the stack's own value.
 *
 * @param noDelay true to send small segments at once (Nagle's algorithm off, RFC 9293 §3.7.4)
 * @param keepAliveNanos idle time before keep-alive probes (RFC 9293 §3.8.4), 0 for none
 * @param keepAliveIntervalNanos time between unanswered keep-alive probes, 0 for 75 s or the idle
 *     time if that is less
 * @param keepAliveProbes unanswered keep-alive probes after which the connection is given up, 0 for
 *     9
 * @param troubleRetransmissions unanswered retransmissions after which IP looks at the way again
 *     and {@link TcpUser#troubled} is told (R1 of RFC 9293 §3.8.3), 0 for 3
 * @param retransmissions unanswered retransmissions after which an established connection is given
 *     up (R2), 0 for 15, which are more than 500 s; a SYN has its own number, for three minutes
 * @param userTimeoutNanos how long data may stay unacknowledged, instead of {@code
 *     retransmissions}; 0 for those
 * @param userTimeoutOption true to tell the peer of the user timeout, and to take the peer's where
 *     there is none here, between 100 s and an hour (RFC 5482)
 * @param lingerNanos how long what is queued may take to arrive after the user has abandoned the
 *     connection: 0 to reset it at once, {@link #LINGER} for as long as the stack's retry limits
 *     allow
 * @param sendBuffer most bytes queued for sending; 0 lets the queue grow with the path's need, up
 *     to the stack's limit
 * @param receiveBuffer most bytes held for the receiver; 0 lets the window grow with what the user
 *     takes, up to the stack's limit
 * @param congestion the name of the congestion control to use, empty for the stack's; see {@link
 *     CongestionControls}
 * @param ip what its packets carry in the IP header; changed with the others while it lives
 */
public record TcpSettings(
    boolean noDelay,
    long keepAliveNanos,
    long keepAliveIntervalNanos,
    int keepAliveProbes,
    int troubleRetransmissions,
    int retransmissions,
    long userTimeoutNanos,
    boolean userTimeoutOption,
    long lingerNanos,
    int sendBuffer,
    int receiveBuffer,
    String congestion,
    IpSettings ip) {

  /** An abandoned connection lingers as long as the stack's retry limits allow. */
  public static final long LINGER = Long.MAX_VALUE;

  /** The stack's defaults. */
  public static final TcpSettings DEFAULT =
      new TcpSettings(false, 0, 0, 0, 0, 0, 0, false, LINGER, 0, 0, "", IpSettings.DEFAULT);

  /** Refuses negative values. */
  public TcpSettings {
    notNegative("keepAliveNanos", keepAliveNanos);
    notNegative("keepAliveIntervalNanos", keepAliveIntervalNanos);
    notNegative("keepAliveProbes", keepAliveProbes);
    notNegative("troubleRetransmissions", troubleRetransmissions);
    notNegative("retransmissions", retransmissions);
    notNegative("userTimeoutNanos", userTimeoutNanos);
    notNegative("lingerNanos", lingerNanos);
    notNegative("sendBuffer", sendBuffer);
    notNegative("receiveBuffer", receiveBuffer);
  }

  private static void notNegative(String setting, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "TCP setting " + setting + " must not be negative: " + value);
    }
  }

  /** The same with Nagle's algorithm off or on. */
  public TcpSettings withNoDelay(boolean on) {
    return with(change -> change.noDelay = on);
  }

  /** The same with keep-alive probes after that idle time, 0 for none. */
  public TcpSettings withKeepAlive(long idleNanos) {
    return with(change -> change.keepAliveNanos = idleNanos);
  }

  /** The same with keep-alive probes after that idle time, that far apart and that many. */
  public TcpSettings withKeepAlive(long idleNanos, long intervalNanos, int probes) {
    return with(change -> {
      change.keepAliveNanos = idleNanos;
      change.keepAliveIntervalNanos = intervalNanos;
      change.keepAliveProbes = probes;
    });
  }

  /** The same with other retry limits, R1 and R2 of RFC 9293 §3.8.3, 0 for the defaults. */
  public TcpSettings withRetransmissions(int trouble, int most) {
    return with(change -> {
      change.troubleRetransmissions = trouble;
      change.retransmissions = most;
    });
  }

  /** The same with another user timeout (RFC 9293 §3.8.3), 0 for the stack's retry limits. */
  public TcpSettings withUserTimeout(long nanos) {
    return with(change -> change.userTimeoutNanos = nanos);
  }

  /** The same with the user timeout option (RFC 5482) on or off. */
  public TcpSettings withUserTimeoutOption(boolean on) {
    return with(change -> change.userTimeoutOption = on);
  }

  /** The same with another time to linger, 0 to reset at once, or {@link #LINGER}. */
  public TcpSettings withLinger(long nanos) {
    return with(change -> change.lingerNanos = nanos);
  }

  /** The same with other buffer limits, 0 for those that follow the path's need. */
  public TcpSettings withBuffers(int send, int receive) {
    return with(change -> {
      change.sendBuffer = send;
      change.receiveBuffer = receive;
    });
  }

  /** The same with another congestion control, an empty name for the stack's. */
  public TcpSettings withCongestion(String name) {
    return with(change -> change.congestion = name);
  }

  /** The same with other IP headers. */
  public TcpSettings withIp(IpSettings headers) {
    return with(change -> change.ip = headers);
  }

  private TcpSettings with(Consumer<Change> what) {
    Change change = new Change(this);
    what.accept(change);
    return change.settings();
  }

  /** Settings that are being changed: the one place, beside the record, that lists them all. */
  private static final class Change {
    private boolean noDelay;
    private long keepAliveNanos;
    private long keepAliveIntervalNanos;
    private int keepAliveProbes;
    private int troubleRetransmissions;
    private int retransmissions;
    private long userTimeoutNanos;
    private boolean userTimeoutOption;
    private long lingerNanos;
    private int sendBuffer;
    private int receiveBuffer;
    private String congestion;
    private IpSettings ip;

    Change(TcpSettings from) {
      this.noDelay = from.noDelay;
      this.keepAliveNanos = from.keepAliveNanos;
      this.keepAliveIntervalNanos = from.keepAliveIntervalNanos;
      this.keepAliveProbes = from.keepAliveProbes;
      this.troubleRetransmissions = from.troubleRetransmissions;
      this.retransmissions = from.retransmissions;
      this.userTimeoutNanos = from.userTimeoutNanos;
      this.userTimeoutOption = from.userTimeoutOption;
      this.lingerNanos = from.lingerNanos;
      this.sendBuffer = from.sendBuffer;
      this.receiveBuffer = from.receiveBuffer;
      this.congestion = from.congestion;
      this.ip = from.ip;
    }

    TcpSettings settings() {
      return new TcpSettings(
          noDelay,
          keepAliveNanos,
          keepAliveIntervalNanos,
          keepAliveProbes,
          troubleRetransmissions,
          retransmissions,
          userTimeoutNanos,
          userTimeoutOption,
          lingerNanos,
          sendBuffer,
          receiveBuffer,
          congestion,
          ip);
    }
  }
}
