package org.penstock.netif.fault;

import java.util.Map;
import org.penstock.api.netif.impairment.Impairment;

/**
 * What became of the frames of one direction since the injector was made. A super-frame counts as
 * the packets it stands for.
 *
 * @param frames judged
 * @param passed given on, duplicates included
 * @param impairments how often each happened
 * @param overflow dropped for want of room: received ones while those held back filled the memory,
 *     where sent ones wait with the sender; sent ones that the driver did not take at the end
 * @param refused frames that are none: too long, or super-frames that can't be cut
 * @param heldBytes memory of the frames that are held back at this moment
 */
public record FaultStatistics(
    long frames,
    long passed,
    Map<Impairment, Long> impairments,
    long overflow,
    long refused,
    long heldBytes) {

  /** Copies the map. */
  public FaultStatistics {
    impairments = Map.copyOf(impairments);
  }
}
