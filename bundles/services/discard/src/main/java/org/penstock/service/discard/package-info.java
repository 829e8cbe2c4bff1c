/** RFC 863 discard on the stack. */
@NullMarked
package org.penstock.service.discard;

import org.jspecify.annotations.NullMarked;
