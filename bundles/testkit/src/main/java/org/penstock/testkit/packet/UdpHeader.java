package org.penstock.testkit.packet;

/**
 * A UDP header.
 *
 * @param length octets of the datagram by its own account, header included
 * @param checksum over pseudo-header and datagram
 */
public record UdpHeader(
    int sourcePort, int destinationPort, int length, ChecksumVerdict checksum) {}
