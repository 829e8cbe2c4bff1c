/** RFC 862 echo on the stack. */
@NullMarked
package org.penstock.service.echo;

import org.jspecify.annotations.NullMarked;
