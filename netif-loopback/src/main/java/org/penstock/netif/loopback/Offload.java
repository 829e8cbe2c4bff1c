package org.penstock.netif.loopback;

/** What the ends of a virtual device offer to do for the stacks. */
public enum Offload {
  /** Nothing: every frame is complete and no longer than the MTU. */
  NONE,
  /** Checksums are left out by the sender and taken on trust by the receiver. */
  CHECKSUM,
  /** As {@link #CHECKSUM}, and TCP super-frames up to 64 KiB cross as a whole. */
  SEGMENTATION
}
