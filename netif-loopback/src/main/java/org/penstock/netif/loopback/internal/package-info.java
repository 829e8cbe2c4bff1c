/** The devices as components: one for each configuration. */
@NullMarked
package org.penstock.netif.loopback.internal;

import org.jspecify.annotations.NullMarked;
