package org.penstock.core.api;

/**
 * What a connection is opened with; {@link #DEFAULT} for most.
 *
 * @param noDelay true to send small segments at once (Nagle's algorithm off, RFC 9293 §3.7.4)
 * @param keepAliveNanos idle time before keep-alive probes (RFC 9293 §3.8.4), 0 for none
 * @param userTimeoutNanos how long data may stay unacknowledged, 0 for the stack's retry limits
 * @param sendBuffer most bytes queued for sending, 0 for the stack's default
 * @param receiveBuffer most bytes held for the receiver, 0 for the stack's default
 */
public record TcpSettings(
    boolean noDelay,
    long keepAliveNanos,
    long userTimeoutNanos,
    int sendBuffer,
    int receiveBuffer) {

  /** The stack's defaults. */
  public static final TcpSettings DEFAULT = new TcpSettings(false, 0, 0, 0, 0);

  /** Refuses negative values. */
  public TcpSettings {
    if (keepAliveNanos < 0 || userTimeoutNanos < 0 || sendBuffer < 0 || receiveBuffer < 0) {
      throw new IllegalArgumentException(
          "TCP settings must not be negative: keepAliveNanos "
              + keepAliveNanos
              + ", userTimeoutNanos "
              + userTimeoutNanos
              + ", sendBuffer "
              + sendBuffer
              + ", receiveBuffer "
              + receiveBuffer);
    }
  }

  /** The same with Nagle's algorithm on or off. */
  public TcpSettings withNoDelay(boolean on) {
    return new TcpSettings(on, keepAliveNanos, userTimeoutNanos, sendBuffer, receiveBuffer);
  }

  /** The same with other buffer limits, 0 for the stack's default. */
  public TcpSettings withBuffers(int send, int receive) {
    return new TcpSettings(noDelay, keepAliveNanos, userTimeoutNanos, send, receive);
  }
}
