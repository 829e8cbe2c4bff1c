/** One mutex around every entry into the stack. */
@NullMarked
package org.penstock.concurrency.globallock;

import org.jspecify.annotations.NullMarked;
