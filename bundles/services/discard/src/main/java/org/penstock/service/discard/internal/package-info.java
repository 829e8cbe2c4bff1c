/** The discard service's parts. */
@NullMarked
package org.penstock.service.discard.internal;

import org.jspecify.annotations.NullMarked;
