package org.penstock.simulator;

import org.penstock.api.netif.impairment.ImpairmentConfig;

/**
 * How bad a host's link is.
 *
 * @param up from the host, to the junction or to the other host
 * @param down to the host
 */
record LinkPlan(ImpairmentConfig up, ImpairmentConfig down) {}
