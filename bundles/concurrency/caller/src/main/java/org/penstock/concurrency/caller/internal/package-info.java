/** The strategy at work. */
@NullMarked
package org.penstock.concurrency.caller.internal;

import org.jspecify.annotations.NullMarked;
