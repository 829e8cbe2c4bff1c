/** What puts a stack together, with and without OSGi. */
@NullMarked
package org.penstock.core.internal.stack;

import org.jspecify.annotations.NullMarked;
