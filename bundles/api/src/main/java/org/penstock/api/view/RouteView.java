package org.penstock.api.view;

import org.jspecify.annotations.Nullable;
import org.penstock.api.IpAddress;
import org.penstock.api.IpPrefix;

/**
 * A route.
 *
 * @param destination where it leads
 * @param gateway the next hop, null if the destination is on the link
 * @param slot the interface's name
 * @param metric lower is better
 */
public record RouteView(
    IpPrefix destination, @Nullable IpAddress gateway, String slot, int metric) {}
