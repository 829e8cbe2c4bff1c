package org.penstock.tdi;

import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;

/**
 * A connection endpoint at one moment.
 *
 * @param id its number, never used twice in a transport
 * @param client the identity of the client that opened it
 * @param state its state
 * @param local its own address: the connection's, else the address file's; null without either
 * @param remote the peer, null without a connection
 * @param bytesSent bytes taken for sending over the present or last connection
 * @param bytesReceived bytes received over the present or last connection
 * @param pendingSends sends that wait for room
 * @param pendingReceives receives that wait for data
 * @param receivedDscp the DiffServ codepoint of what was received last over the present connection
 *     (RFC 9293 §3.9.1.9), 0 without one
 * @param cell its home cell
 */
public record ConnectionInfo(
    long id,
    String client,
    EndpointState state,
    @Nullable TransportAddress local,
    @Nullable TransportAddress remote,
    long bytesSent,
    long bytesReceived,
    int pendingSends,
    int pendingReceives,
    int receivedDscp,
    int cell) {}
