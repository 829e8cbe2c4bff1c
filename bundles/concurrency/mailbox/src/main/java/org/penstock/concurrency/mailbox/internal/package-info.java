/** The strategy at work: a queue, and the thread that takes from it. */
@NullMarked
package org.penstock.concurrency.mailbox.internal;

import org.jspecify.annotations.NullMarked;
