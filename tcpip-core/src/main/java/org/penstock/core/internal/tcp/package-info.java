/**
 * TCP (RFC 9293). On a packet's way: {@link org.penstock.core.internal.tcp.TcpLayer} is the door
 * from IP and from the transport layer above; SegmentArrives is the state machine; Receiver and
 * Sender move the data of established connections. Everything but the listeners is owned by a cell.
 */
@NullMarked
package org.penstock.core.internal.tcp;

import org.jspecify.annotations.NullMarked;
