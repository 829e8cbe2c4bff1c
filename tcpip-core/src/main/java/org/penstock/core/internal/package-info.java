/** The TCP/IP core: link layer, IPv4, ICMP, UDP and TCP. */
@NullMarked
package org.penstock.core.internal;

import org.jspecify.annotations.NullMarked;
