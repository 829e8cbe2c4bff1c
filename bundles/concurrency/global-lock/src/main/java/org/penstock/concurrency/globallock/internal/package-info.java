/** The strategy at work: an exclusion around a mutex, and the threads it needs. */
@NullMarked
package org.penstock.concurrency.globallock.internal;

import org.jspecify.annotations.NullMarked;
