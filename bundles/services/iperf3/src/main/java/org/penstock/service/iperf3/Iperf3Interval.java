package org.penstock.service.iperf3;

/**
 * What one stream carried in a part of a test, as its client counts it.
 *
 * @param stream its number
 * @param sending true if the client sends
 * @param startSeconds from the beginning of the load, or the end of the omission
 * @param endSeconds from there
 * @param bytes carried
 * @param packets datagrams sent, or those that should have come; 0 for TCP
 * @param lost datagrams that did not come
 * @param jitterMillis of datagrams received
 * @param omitted true if it lies in the omission
 */
public record Iperf3Interval(
    int stream,
    boolean sending,
    double startSeconds,
    double endSeconds,
    long bytes,
    long packets,
    long lost,
    double jitterMillis,
    boolean omitted) {

  /** Bits a second. */
  public double bitsPerSecond() {
    double took = endSeconds - startSeconds;
    return took <= 0 ? 0 : bytes * 8 / took;
  }
}
