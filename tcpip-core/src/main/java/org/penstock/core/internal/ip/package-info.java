/**
 * The link layer and IPv4, in and out: frames, addresses and routes, neighbours.
 *
 * <pre>
 * slot ─▶ LinkInput ─▶ Ipv4Input ─▶ Transport (TCP, UDP), ControlMessages (ICMP)
 *             └──────▶ Neighbours (ARP)       │
 * slot ◀─ Ipv4Output ◀────────────────────────┘
 *  ▲          │ UnresolvedNeighbours, SlotWaiters: what can't leave yet
 *  └ LocalLink, for our own addresses
 * </pre>
 *
 * <p>{@code IpLayer} puts it together. All cells share the tables and the neighbour table as
 * snapshots; everything else belongs to one cell, the neighbour cache to the control cell.
 */
@NullMarked
package org.penstock.core.internal.ip;

import org.jspecify.annotations.NullMarked;
