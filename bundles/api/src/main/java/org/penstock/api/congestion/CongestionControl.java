package org.penstock.api.congestion;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A congestion control algorithm without state: what it remembers of a connection stands in the
 * words of that connection's {@link CongestionState}. So an algorithm can be replaced on a live
 * connection, and its bundle leaves no trace. Found as an OSGi service (with the property {@link
 * #NAME}) or by {@code ServiceLoader}.
 *
 * <p>All methods run at core level, inside the connection's partition: they must not block nor
 * allocate, and take the time from their arguments. Loss detection and recovery belong to the core;
 * the algorithm says how much may be in flight and how fast.
 */
@ConsumerType
public interface CongestionControl {

  /** Service property: the algorithm's name, such as {@code cubic}. */
  String NAME = "congestion.name";

  /** The name, such as {@code newreno}. */
  String name();

  /** How many 64-bit words it needs in each PCB, at most {@link CongestionState#WORDS}. */
  int words();

  /**
   * Takes over a connection. The words are zero; windows are those of the connection so far (the
   * initial window of RFC 6928 for a new one) and may be kept or changed.
   */
  void start(CongestionState state, long nowNanos);

  /** New data was acknowledged, cumulatively or selectively. */
  void acknowledged(CongestionState state, AckSample sample, long nowNanos);

  /** Something other than an acknowledgement happened. */
  void event(CongestionState state, CongestionEvent event, long nowNanos);
}
