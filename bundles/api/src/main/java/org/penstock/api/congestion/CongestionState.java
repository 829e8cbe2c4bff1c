package org.penstock.api.congestion;

/**
 * The part of a PCB that congestion control reads and writes. Owned by the connection's partition.
 *
 * <p>All sizes are in bytes, all times in nanoseconds, rates in bytes a second.
 */
public final class CongestionState {

  /** Words of private state an algorithm may have. */
  public static final int WORDS = 16;

  /** Slow start threshold before any loss. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private long window;
  private long threshold = UNLIMITED;
  private long pacingRate;
  private int segmentSize;
  private long inFlight;
  private long smoothedRtt;
  private long minimumRtt = Long.MAX_VALUE;
  private final long[] words = new long[WORDS];

  /** A state with an empty window. */
  public CongestionState() {}

  /** How much may be in flight: {@code cwnd}. */
  public long window() {
    return window;
  }

  /** Sets {@code cwnd}; the core keeps it at one segment or more. */
  public void window(long bytes) {
    this.window = Math.max(bytes, segmentSize);
  }

  /** Where slow start ends: {@code ssthresh}. */
  public long threshold() {
    return threshold;
  }

  /** Sets {@code ssthresh}. */
  public void threshold(long bytes) {
    this.threshold = bytes;
  }

  /** The rate at which segments are spread, 0 for unpaced. */
  public long pacingRate() {
    return pacingRate;
  }

  /** Sets the pacing rate, 0 for unpaced. */
  public void pacingRate(long bytesPerSecond) {
    this.pacingRate = bytesPerSecond;
  }

  /** The sender's maximum segment size: {@code SMSS}. */
  public int segmentSize() {
    return segmentSize;
  }

  /** Set by the core. */
  public void segmentSize(int bytes) {
    this.segmentSize = bytes;
  }

  /** What is in flight: {@code FlightSize}, or the pipe of RFC 6675 during recovery. */
  public long inFlight() {
    return inFlight;
  }

  /** Set by the core before each call. */
  public void inFlight(long bytes) {
    this.inFlight = bytes;
  }

  /** The smoothed round-trip time, 0 before the first sample. */
  public long smoothedRtt() {
    return smoothedRtt;
  }

  /** Set by the core. */
  public void smoothedRtt(long nanos) {
    this.smoothedRtt = nanos;
  }

  /** The least round-trip time seen, {@code Long.MAX_VALUE} before the first sample. */
  public long minimumRtt() {
    return minimumRtt;
  }

  /** Set by the core. */
  public void minimumRtt(long nanos) {
    this.minimumRtt = nanos;
  }

  /** A word of the algorithm's own. */
  public long word(int index) {
    return words[index];
  }

  /** Sets a word of the algorithm's own. */
  public void word(int index, long value) {
    words[index] = value;
  }

  /** True while the window is below the threshold. */
  public boolean inSlowStart() {
    return window < threshold;
  }

  /** Clears the words, before another algorithm takes over. */
  public void clearWords() {
    java.util.Arrays.fill(words, 0);
  }
}
