package org.penstock.tdi;

/**
 * What the transport offers.
 *
 * @param version of the transport layer
 * @param stack the stack's name
 * @param maxDatagramBytes largest datagram that can be asked for
 * @param maxSendBytes largest send over a connection
 * @param addressFiles address files open
 * @param endpoints connection endpoints open
 * @param clients clients open
 */
public record ProviderInfo(
    String version,
    String stack,
    int maxDatagramBytes,
    long maxSendBytes,
    int addressFiles,
    int endpoints,
    int clients) {}
