/** The strategy as a service. */
@NullMarked
package org.penstock.concurrency.mailbox.internal;

import org.jspecify.annotations.NullMarked;
