/** One stack thread; callers post and wait. */
@NullMarked
package org.penstock.concurrency.mailbox;

import org.jspecify.annotations.NullMarked;
