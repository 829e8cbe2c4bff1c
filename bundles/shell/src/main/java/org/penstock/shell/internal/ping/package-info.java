/** Echo requests. */
@NullMarked
package org.penstock.shell.internal.ping;

import org.jspecify.annotations.NullMarked;
