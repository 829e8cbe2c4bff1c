package org.penstock.api.buffer;

/** What a driver knows of the transport checksum of a frame that it received. */
public enum ChecksumState {
  /** Nothing: the stack verifies it. */
  UNVERIFIED,
  /** The device verified it. */
  VALID,
  /**
   * The frame never left the machine, so its sender left the checksum to a device that did not need
   * to compute it (virtio {@code NEEDS_CSUM}); the stack takes the payload as it is.
   */
  PARTIAL
}
