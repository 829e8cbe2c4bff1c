/** The command that starts and stops captures. */
@NullMarked
package org.penstock.netif.capture.internal;

import org.jspecify.annotations.NullMarked;
