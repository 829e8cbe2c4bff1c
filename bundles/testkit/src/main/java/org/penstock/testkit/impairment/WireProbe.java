package org.penstock.testkit.impairment;

import java.lang.foreign.MemorySegment;

/** Is shown the frames at one end of a {@link Wire}. */
@FunctionalInterface
public interface WireProbe {

  /**
   * A frame passes. Called by both of the wire's threads, so that two calls may overlap.
   *
   * @param nanos when, by the runtime's clock
   * @param frame its octets, valid during the call
   */
  void seen(long nanos, MemorySegment frame);
}
