package org.penstock.netif.loopback;

/**
 * What happened so far at one port of a switch, in frames. The numbers are read one after the other
 * while frames move.
 *
 * @param received taken from the attached stack, the lost ones included
 * @param flooded of these, sent to every other port: broadcasts, multicasts, and frames for a
 *     station of which nothing is known
 * @param filtered of these, not passed on: for a station behind the same port, or for the device at
 *     the other end of the wire alone
 * @param refused lost because longer than the device takes, shorter than an Ethernet header, or
 *     left work to the device that it does not offer
 * @param delivered given to the attached stack
 * @param full for the attached stack and dropped, because the port's queue was full
 * @param noLink lost because the port was unplugged or its stack detached
 */
public record SwitchStatistics(
    long received,
    long flooded,
    long filtered,
    long refused,
    long delivered,
    long full,
    long noLink) {}
