/** IPv4 in and out: routes, neighbours, ICMP. */
@NullMarked
package org.penstock.core.internal.ip;

import org.jspecify.annotations.NullMarked;
