package org.penstock.api.netif.impairment;

/** What an {@link ImpairmentModel} does to frames, in the order in which it is decided. */
public enum Impairment {
  /** Dropped without a word because longer than the path's MTU. */
  MTU,
  /** Dropped because the link was down. */
  DOWN,
  /** Dropped by independent chance. */
  LOSS,
  /** Dropped within a burst. */
  BURST_LOSS,
  /** Dropped because the queue in front of the slow line was full. */
  QUEUE_FULL,
  /** Waited in the queue in front of the slow line. */
  QUEUED,
  /** Marked "congestion experienced" because the queue was long (RFC 3168 §5). */
  MARKED,
  /** Arrived before a frame that was sent earlier. */
  REORDER,
  /** Arrived twice. */
  DUPLICATE,
  /** One bit of its IP packet was flipped. */
  CORRUPT
}
