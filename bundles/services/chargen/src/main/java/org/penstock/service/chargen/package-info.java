/** RFC 864 character generator on the stack. */
@NullMarked
package org.penstock.service.chargen;

import org.jspecify.annotations.NullMarked;
