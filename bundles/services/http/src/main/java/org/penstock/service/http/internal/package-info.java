/** The file server's parts. */
@NullMarked
package org.penstock.service.http.internal;

import org.jspecify.annotations.NullMarked;
