/** Raw IP: whole packets of one protocol, to those who ask for them. */
@NullMarked
package org.penstock.core.internal.raw;

import org.jspecify.annotations.NullMarked;
