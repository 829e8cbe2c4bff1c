package org.penstock.api.congestion;

/** What congestion control is told besides acknowledgements. */
public enum CongestionEvent {
  /** Loss was detected and recovery begins (RFC 5681 §3.2, RFC 6675 §5): lower the windows. */
  LOSS,
  /** The peer echoed a congestion mark (RFC 3168 §6.1.2); at most once in a window of data. */
  ECN_ECHO,
  /** The retransmission timer expired (RFC 5681 §3.1). */
  TIMEOUT,
  /** Recovery has ended: everything sent before it began is acknowledged. */
  RECOVERED,
  /** The last reduction turned out to be needless (RFC 4015, RFC 5682): take it back. */
  SPURIOUS,
  /** Sending starts again after an idle time longer than one RTO (RFC 5681 §4.1). */
  IDLE_RESTART,
  /** The path's segment size changed; windows are in bytes and may be rounded. */
  SEGMENT_SIZE_CHANGED
}
