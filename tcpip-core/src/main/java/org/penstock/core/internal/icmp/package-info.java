/** ICMP: echo, errors in and errors out. */
@NullMarked
package org.penstock.core.internal.icmp;

import org.jspecify.annotations.NullMarked;
