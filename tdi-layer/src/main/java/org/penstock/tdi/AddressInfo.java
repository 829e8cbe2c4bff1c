package org.penstock.tdi;

import org.penstock.api.TransportAddress;

/**
 * An address file at one moment.
 *
 * @param protocol its protocol
 * @param local its address, unspecified for any, and its port
 * @param shared true if it was opened to be shared
 * @param client the identity of the client that opened this handle
 * @param handles handles of the address that are open
 * @param endpoints endpoints associated with the address
 * @param listening true if its hidden listener takes connections
 * @param waitingConnections connections established that wait for a listen
 * @param waitingListens listens that wait for a connection
 * @param waitingDatagrams datagrams that wait for a receive
 * @param handlers the events that have a handler, such as {@code connect receive}; empty for none
 */
public record AddressInfo(
    Protocol protocol,
    TransportAddress local,
    boolean shared,
    String client,
    int handles,
    int endpoints,
    boolean listening,
    int waitingConnections,
    int waitingListens,
    int waitingDatagrams,
    String handlers) {}
