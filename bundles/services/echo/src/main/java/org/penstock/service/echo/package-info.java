/** RFC 862 echo on the stack. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.echo;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
