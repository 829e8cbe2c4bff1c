/** The TAP driver: system calls, the device, the frames' headers. */
@NullMarked
package org.penstock.netif.tap.internal;

import org.jspecify.annotations.NullMarked;
