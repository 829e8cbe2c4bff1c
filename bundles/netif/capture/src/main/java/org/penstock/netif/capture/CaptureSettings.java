package org.penstock.netif.capture;

import java.nio.file.Path;
import org.penstock.api.netif.LinkType;

/**
 * What to capture, and where to.
 *
 * @param slot the interface's name
 * @param linkType what its frames start with
 * @param target the file, which is replaced, or a named pipe
 * @param snap bytes of each frame that are written at most
 * @param count frames after which the capture ends by itself, 0 for no limit
 * @param size bytes of a file after which the capture ends by itself, or goes on in the next file
 *     of the ring; 0 for no limit
 * @param ring how many files are kept, each of {@code size} bytes; 0 for one file
 * @param drops frames that the stack drops are written once more, as of a second interface, with
 *     the reason as a comment
 * @param buffer bytes for frames between the stack's threads and the one that writes; what does not
 *     fit is counted and left out
 */
public record CaptureSettings(
    String slot,
    LinkType linkType,
    Path target,
    int snap,
    long count,
    long size,
    int ring,
    boolean drops,
    int buffer) {

  /** A frame of any length. */
  public static final int WHOLE = 262_144;

  /** Bytes of the buffer where nothing else is said. */
  public static final int DEFAULT_BUFFER = 8 << 20;

  /** The least buffer: room for two frames of 64 KiB. */
  public static final int LEAST_BUFFER = 256 << 10;

  /** The largest buffer. */
  public static final int MOST_BUFFER = 1 << 30;

  /** Refuses what can't be. */
  public CaptureSettings {
    check("snap", snap, 14, WHOLE, "bytes");
    check("count", count, 0, Long.MAX_VALUE, "frames");
    check("size", size, 0, Long.MAX_VALUE, "bytes");
    check("ring", ring, 0, 10_000, "files");
    check("buffer", buffer, LEAST_BUFFER, MOST_BUFFER, "bytes");
    if (ring > 0 && size == 0) {
      throw new IllegalArgumentException("a ring of " + ring + " files needs the size of each");
    }
  }

  /** Everything, to one file. */
  public static CaptureSettings of(String slot, LinkType linkType, Path target) {
    return new CaptureSettings(slot, linkType, target, WHOLE, 0, 0, 0, false, DEFAULT_BUFFER);
  }

  private static void check(String name, long value, long least, long most, String unit) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " " + value + " is not from " + least + " to " + most + " " + unit);
    }
  }
}
