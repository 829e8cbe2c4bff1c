/** The chargen service's parts. */
@NullMarked
package org.penstock.service.chargen.internal;

import org.jspecify.annotations.NullMarked;
