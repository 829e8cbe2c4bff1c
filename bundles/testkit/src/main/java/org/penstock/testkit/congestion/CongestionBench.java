package org.penstock.testkit.congestion;

import org.penstock.api.congestion.AckSample;
import org.penstock.api.congestion.CongestionControl;
import org.penstock.api.congestion.CongestionEvent;
import org.penstock.api.congestion.CongestionState;

/**
 * A connection as congestion control sees it: windows in bytes, a clock of its own, no network.
 * Each call plays one acknowledgement or event as the core would. One thread.
 */
public final class CongestionBench {

  /** Bytes of a segment. */
  public static final int SEGMENT = 1460;

  /** The round-trip time in nanoseconds, unless said otherwise. */
  public static final long RTT = 20_000_000L;

  private final CongestionControl control;
  private final CongestionState state = new CongestionState();
  private final AckSample sample = new AckSample();
  private long now = 1_000_000_000L;
  private long rtt = RTT;
  private long leastRtt = Long.MAX_VALUE;

  /** A new connection with an initial window of ten segments (RFC 6928). */
  public CongestionBench(CongestionControl control) {
    this.control = control;
    state.segmentSize(SEGMENT);
    state.window(10L * SEGMENT);
    control.start(state, now);
  }

  /** What the algorithm reads and writes. */
  public CongestionState state() {
    return state;
  }

  /** The congestion window in bytes. */
  public long window() {
    return state.window();
  }

  /** A round trip in which the whole window is sent and acknowledged, two segments at a time. */
  public void round() {
    long left = state.window();
    long before = left;
    boolean first = true;
    while (left > 0) {
      long bytes = Math.min(left, 2L * SEGMENT);
      acknowledge(bytes, before, true, false, first);
      left -= bytes;
      now += rtt * bytes / before;
      first = false;
    }
  }

  /**
   * An acknowledgement.
   *
   * @param bytes it acknowledges
   * @param inFlight bytes that were in flight before
   * @param limited true if the window limited what was sent
   * @param recovering true during recovery
   * @param roundStart true if a round trip begins
   */
  public void acknowledge(
      long bytes, long inFlight, boolean limited, boolean recovering, boolean roundStart) {
    state.smoothedRtt(rtt);
    leastRtt = Math.min(leastRtt, rtt);
    state.minimumRtt(leastRtt);
    state.inFlight(Math.max(0, inFlight - bytes));
    sample.clear();
    sample.acked(bytes, 0);
    sample.rtt(rtt);
    sample.rate(bytes, Math.max(1, rtt * bytes / Math.max(bytes, inFlight)), !limited);
    sample.priorInFlight(inFlight);
    sample.windowLimited(limited);
    sample.inRecovery(recovering);
    sample.roundStart(roundStart);
    control.acknowledged(state, sample, now);
  }

  /** An event with as much in flight as the window allows. */
  public void event(CongestionEvent event) {
    event(event, state.window());
  }

  /** An event with that much in flight. */
  public void event(CongestionEvent event, long inFlight) {
    state.inFlight(inFlight);
    control.event(state, event, now);
  }

  /** Has round trips take so long from now on, in nanoseconds. */
  public void rtt(long nanos) {
    rtt = nanos;
  }

  /** Lets time pass. */
  public void sleep(long nanos) {
    now += nanos;
  }

  /** The time in nanoseconds. */
  public long now() {
    return now;
  }
}
