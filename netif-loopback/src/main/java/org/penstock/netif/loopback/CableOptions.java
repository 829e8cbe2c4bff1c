package org.penstock.netif.loopback;

/**
 * What a cable is made of.
 *
 * @param name the cable's name; its ends are called {@code NAME.a} and {@code NAME.b}
 * @param mtu largest IP packet in bytes, 68 to 65,535
 * @param queueLength frames that each direction holds at most, those included that a stage delays;
 *     1 to 1,048,576
 * @param offload what the ends announce
 */
public record CableOptions(String name, int mtu, int queueLength, Offload offload) {

  /** The least MTU an IPv4 link may have (RFC 791 §3.2). */
  public static final int LEAST_MTU = 68;

  /** The longest IP packet. */
  public static final int MOST_MTU = 65_535;

  /** The longest queue. */
  public static final int MOST_FRAMES = 1 << 20;

  /** Refuses what can't be; the message names the value and what is allowed. */
  public CableOptions {
    checkName(name);
    checkMtu(mtu);
    checkQueueLength(queueLength);
  }

  /** An Ethernet cable as most are: MTU 1500, 1024 frames, every offload. */
  public static CableOptions named(String name) {
    return new CableOptions(name, 1500, 1024, Offload.SEGMENTATION);
  }

  /** The same with another MTU in bytes. */
  public CableOptions withMtu(int bytes) {
    return new CableOptions(name, bytes, queueLength, offload);
  }

  /** The same with queues of another length in frames. */
  public CableOptions withQueueLength(int frames) {
    return new CableOptions(name, mtu, frames, offload);
  }

  /** The same with other capabilities. */
  public CableOptions withOffload(Offload other) {
    return new CableOptions(name, mtu, queueLength, other);
  }

  static void checkName(String name) {
    if (name.isBlank() || !name.equals(name.strip())) {
      throw new IllegalArgumentException(
          "name '" + name + "' must not be empty, nor start or end with a blank");
    }
  }

  static void checkMtu(int mtu) {
    if (mtu < LEAST_MTU || mtu > MOST_MTU) {
      throw new IllegalArgumentException(
          "mtu " + mtu + " is not between " + LEAST_MTU + " and " + MOST_MTU + " bytes");
    }
  }

  static void checkQueueLength(int frames) {
    if (frames < 1 || frames > MOST_FRAMES) {
      throw new IllegalArgumentException(
          "queue length " + frames + " is not between 1 and " + MOST_FRAMES + " frames");
    }
  }
}
