/** UDP: ports and their delivery. */
@NullMarked
package org.penstock.core.internal.udp;

import org.jspecify.annotations.NullMarked;
