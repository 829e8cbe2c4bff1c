package org.penstock.simulator;

import org.penstock.netif.loopback.Offload;

/**
 * Another driver of a host, on a cable of its own.
 *
 * @param offload what it does by itself
 * @param mtu what it says it passes, in bytes
 */
record SparePlan(Offload offload, int mtu) {}
