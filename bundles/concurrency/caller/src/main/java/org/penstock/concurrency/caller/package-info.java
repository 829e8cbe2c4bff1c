/** The stack is driven step by step by the thread of whoever embeds it. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.concurrency.caller;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
