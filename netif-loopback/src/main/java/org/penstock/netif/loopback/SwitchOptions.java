package org.penstock.netif.loopback;

import java.time.Duration;

/**
 * What a switch is made of.
 *
 * @param name the switch's name; its ports are called {@code NAME/1}, {@code NAME/2} and so on
 * @param ports how many it has, 2 to 256
 * @param mtu largest IP packet in bytes, 68 to 65,535
 * @param queueLength frames that wait for each port at most, those included that a stage delays; 1
 *     to 1,048,576
 * @param offload what the ports announce
 * @param addresses most stations it remembers, 8 to 65,536, rounded up to a power of two. They are
 *     kept in sets of eight, and a station whose set is full is not learned: frames to it are
 *     flooded
 * @param ageing how long a station is remembered that sends nothing, 1 second to 1,000,000 seconds
 */
public record SwitchOptions(
    String name,
    int ports,
    int mtu,
    int queueLength,
    Offload offload,
    int addresses,
    Duration ageing) {

  /** The fewest ports. */
  public static final int LEAST_PORTS = 2;

  /** The most ports. */
  public static final int MOST_PORTS = 256;

  /** The fewest stations that can be asked to be remembered. */
  public static final int LEAST_ADDRESSES = AddressTable.WAYS;

  /** The most stations that can be asked to be remembered. */
  public static final int MOST_ADDRESSES = 1 << 16;

  /** The longest ageing time, as in IEEE 802.1Q §8.8.3, in seconds. */
  public static final int MOST_AGEING_SECONDS = 1_000_000;

  /** Refuses what can't be; the message names the value and what is allowed. */
  public SwitchOptions {
    CableOptions.checkName(name);
    CableOptions.checkMtu(mtu);
    CableOptions.checkQueueLength(queueLength);
    check("ports", ports, LEAST_PORTS, MOST_PORTS);
    check("addresses", addresses, LEAST_ADDRESSES, MOST_ADDRESSES);
    if (ageing.compareTo(Duration.ofSeconds(1)) < 0
        || ageing.compareTo(Duration.ofSeconds(MOST_AGEING_SECONDS)) > 0) {
      throw new IllegalArgumentException(
          "ageing "
              + ageing.toSeconds()
              + " is not between 1 and "
              + MOST_AGEING_SECONDS
              + " seconds");
    }
  }

  /**
   * A switch as most are: four ports of MTU 1500, queues of 1024 frames, every offload, 1024
   * stations, forgotten after five minutes (IEEE 802.1Q §8.8.3).
   */
  public static SwitchOptions named(String name) {
    return new SwitchOptions(
        name, 4, 1500, 1024, Offload.SEGMENTATION, 1024, Duration.ofSeconds(300));
  }

  /** The same with another number of ports. */
  public SwitchOptions withPorts(int count) {
    return new SwitchOptions(name, count, mtu, queueLength, offload, addresses, ageing);
  }

  /** The same with another MTU in bytes. */
  public SwitchOptions withMtu(int bytes) {
    return new SwitchOptions(name, ports, bytes, queueLength, offload, addresses, ageing);
  }

  /** The same with queues of another length in frames. */
  public SwitchOptions withQueueLength(int frames) {
    return new SwitchOptions(name, ports, mtu, frames, offload, addresses, ageing);
  }

  /** The same with other capabilities. */
  public SwitchOptions withOffload(Offload other) {
    return new SwitchOptions(name, ports, mtu, queueLength, other, addresses, ageing);
  }

  /** The same with another bound on the stations remembered. */
  public SwitchOptions withAddresses(int most) {
    return new SwitchOptions(name, ports, mtu, queueLength, offload, most, ageing);
  }

  /** The same with another ageing time. */
  public SwitchOptions withAgeing(Duration time) {
    return new SwitchOptions(name, ports, mtu, queueLength, offload, addresses, time);
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " " + value + " is not between " + least + " and " + most);
    }
  }
}
