/** A small HTTP/1.1 file server on the stack. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
