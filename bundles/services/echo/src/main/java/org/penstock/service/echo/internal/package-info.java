/** The echo service's parts. */
@NullMarked
package org.penstock.service.echo.internal;

import org.jspecify.annotations.NullMarked;
