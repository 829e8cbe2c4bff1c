/** A small HTTP/1.1 file server on the stack. */
@NullMarked
package org.penstock.service.http;

import org.jspecify.annotations.NullMarked;
