package org.penstock.simulator;

/**
 * Connections between two applications, one after the other.
 *
 * @param pattern what it is like, for people
 * @param client the host that opens
 * @param server the other
 * @param port where the server is
 * @param startNanos when the first begins, from the beginning of the run
 * @param connections how many
 * @param simultaneous true if both ends open (RFC 9293 §3.5, figure 7)
 * @param clientPlan how the client behaves
 * @param serverPlan how the server does
 */
record FlowPlan(
    String pattern,
    int client,
    int server,
    int port,
    long startNanos,
    int connections,
    boolean simultaneous,
    PartyPlan clientPlan,
    PartyPlan serverPlan) {}
