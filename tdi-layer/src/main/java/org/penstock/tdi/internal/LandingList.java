package org.penstock.tdi.internal;

import org.jspecify.annotations.Nullable;
import org.penstock.api.buffer.Landing;

/** Received buffers in order. One owner at a time: the cell, or the thread that shows them. */
final class LandingList {

  private @Nullable Landing first;
  private @Nullable Landing last;
  private long bytes;

  boolean isEmpty() {
    return first == null;
  }

  /** Bytes in all. */
  long bytes() {
    return bytes;
  }

  @Nullable Landing first() {
    return first;
  }

  void add(Landing landing) {
    landing.next(null);
    if (last == null) {
      first = landing;
    } else {
      last.next(landing);
    }
    last = landing;
    bytes += landing.length();
  }

  /** Takes bytes from the front; a buffer of which nothing is left goes back to its pool. */
  void consume(int count) {
    Landing landing = first;
    if (landing == null || count > landing.length()) {
      throw new IllegalArgumentException(count + " bytes are more than the first buffer holds");
    }
    bytes -= count;
    if (count < landing.length()) {
      landing.describe(landing.offset() + count, landing.length() - count, landing.queue());
    } else {
      first = landing.next();
      if (first == null) {
        last = null;
      }
      landing.next(null);
      landing.release();
    }
  }

  /** Puts all of another list in front of this one. */
  void prepend(LandingList other) {
    if (other.first == null) {
      return;
    }
    if (other.last != null) {
      other.last.next(first);
    }
    if (first == null) {
      last = other.last;
    }
    first = other.first;
    bytes += other.bytes;
    other.forget();
  }

  /** Gives all buffers back to their pools. */
  void releaseAll() {
    Landing landing = first;
    forget();
    while (landing != null) {
      Landing following = landing.next();
      landing.next(null);
      landing.release();
      landing = following;
    }
  }

  private void forget() {
    first = null;
    last = null;
    bytes = 0;
  }
}
