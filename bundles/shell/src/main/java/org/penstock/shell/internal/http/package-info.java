/** Downloads over HTTP. */
@NullMarked
package org.penstock.shell.internal.http;

import org.jspecify.annotations.NullMarked;
