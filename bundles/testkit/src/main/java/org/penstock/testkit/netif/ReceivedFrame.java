package org.penstock.testkit.netif;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.penstock.api.buffer.ChecksumState;
import org.penstock.api.buffer.GsoType;
import org.penstock.api.buffer.Landing;

/**
 * A copy of a frame that a driver delivered, with its descriptor.
 *
 * @param octets the frame from its link header on
 * @param queue the driver queue it came from
 * @param checksum what the driver knows of the transport checksum
 * @param gsoType whether it is a super-frame
 * @param gsoSize payload octets of each packet of a super-frame
 * @param headerLength octets of all headers of a super-frame
 */
public record ReceivedFrame(
    byte[] octets,
    int queue,
    ChecksumState checksum,
    GsoType gsoType,
    int gsoSize,
    int headerLength) {

  /** Copies a landing. */
  public static ReceivedFrame of(Landing landing) {
    MemorySegment frame = landing.segment().asSlice(landing.offset(), landing.length());
    return new ReceivedFrame(
        frame.toArray(ValueLayout.JAVA_BYTE),
        landing.queue(),
        landing.checksum(),
        landing.gsoType(),
        landing.gsoSize(),
        landing.headerLength());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReceivedFrame that
        && Arrays.equals(octets, that.octets)
        && queue == that.queue
        && checksum == that.checksum
        && gsoType == that.gsoType
        && gsoSize == that.gsoSize
        && headerLength == that.headerLength;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    int shown = Math.min(octets.length, 64);
    return "ReceivedFrame["
        + octets.length
        + " octets "
        + HexFormat.of().formatHex(octets, 0, shown)
        + (shown < octets.length ? "…" : "")
        + ", queue "
        + queue
        + ", "
        + checksum
        + ", "
        + gsoType
        + (gsoType == GsoType.NONE ? "" : " size " + gsoSize + " headers " + headerLength)
        + "]";
  }
}
