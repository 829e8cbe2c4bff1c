/** The injector as a component, one for each configuration, and its command. */
@NullMarked
package org.penstock.netif.fault.internal;

import org.jspecify.annotations.NullMarked;
