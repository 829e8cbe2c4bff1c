package org.penstock.shell.internal.view;

/**
 * What one kind of memory amounts to.
 *
 * @param what the kind
 * @param total that exists, in {@code unit}
 * @param free of it
 * @param unit bytes or landings
 */
public record Usage(String what, long total, long free, String unit) {

  /** So many bytes used of a limit, which may be exceeded. */
  public static Usage of(String what, long limit, long used) {
    return new Usage(what, limit, limit - used, "bytes");
  }

  /** What is neither free nor beyond the total. */
  public long used() {
    return total - free;
  }
}
