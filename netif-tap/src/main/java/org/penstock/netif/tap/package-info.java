/** Linux TAP devices through java.lang.foreign. */
@NullMarked
package org.penstock.netif.tap;

import org.jspecify.annotations.NullMarked;
