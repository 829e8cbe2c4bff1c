package org.penstock.api.congestion;

/**
 * What one acknowledgement (or one batch of them) told: the input of loss-based and of model-based
 * algorithms. Filled by the core, one object a partition, valid during the call.
 */
public final class AckSample {

  private long newlyAcked;
  private long newlySacked;
  private long rtt;
  private long delivered;
  private long interval;
  private long priorInFlight;
  private boolean applicationLimited;
  private boolean windowLimited;
  private boolean inRecovery;
  private boolean roundStart;

  /** An empty sample. */
  public AckSample() {}

  /** Empties the sample for its next use. */
  public void clear() {
    newlyAcked = 0;
    newlySacked = 0;
    rtt = 0;
    delivered = 0;
    interval = 0;
    priorInFlight = 0;
    applicationLimited = false;
    windowLimited = false;
    inRecovery = false;
    roundStart = false;
  }

  /** Bytes that SND.UNA advanced by. */
  public long newlyAcked() {
    return newlyAcked;
  }

  /** Bytes newly covered by selective acknowledgements. */
  public long newlySacked() {
    return newlySacked;
  }

  /** The round-trip time of this acknowledgement in nanoseconds, 0 if it gives no sample. */
  public long rtt() {
    return rtt;
  }

  /**
   * Bytes delivered over {@link #interval}: together the delivery rate; 0 if there is no sample.
   */
  public long delivered() {
    return delivered;
  }

  /** Nanoseconds over which {@link #delivered} was measured. */
  public long interval() {
    return interval;
  }

  /** Bytes in flight before this acknowledgement. */
  public long priorInFlight() {
    return priorInFlight;
  }

  /** True if the application, not the network, limited what was measured. */
  public boolean applicationLimited() {
    return applicationLimited;
  }

  /** True if the congestion window limited sending (RFC 7661): only then it may grow. */
  public boolean windowLimited() {
    return windowLimited;
  }

  /**
   * True during loss recovery, where the core decides what is sent, and where the acknowledgement
   * echoes a congestion mark: the window must not grow.
   */
  public boolean inRecovery() {
    return inRecovery;
  }

  /** True on the first sample of a round trip. */
  public boolean roundStart() {
    return roundStart;
  }

  /** Sets what was acknowledged, in bytes. */
  public void acked(long cumulative, long selective) {
    this.newlyAcked = cumulative;
    this.newlySacked = selective;
  }

  /** Sets the round-trip time in nanoseconds. */
  public void rtt(long nanos) {
    this.rtt = nanos;
  }

  /** Sets the delivery rate sample. */
  public void rate(long deliveredBytes, long intervalNanos, boolean appLimited) {
    this.delivered = deliveredBytes;
    this.interval = intervalNanos;
    this.applicationLimited = appLimited;
  }

  /** Sets the bytes that were in flight before. */
  public void priorInFlight(long bytes) {
    this.priorInFlight = bytes;
  }

  /** Sets whether the congestion window limited sending. */
  public void windowLimited(boolean limited) {
    this.windowLimited = limited;
  }

  /** Sets whether recovery goes on. */
  public void inRecovery(boolean recovering) {
    this.inRecovery = recovering;
  }

  /** Sets whether a round trip begins. */
  public void roundStart(boolean start) {
    this.roundStart = start;
  }
}
