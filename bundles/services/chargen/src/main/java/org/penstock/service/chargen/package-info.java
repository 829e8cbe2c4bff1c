/** RFC 864 character generator on the stack. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.chargen;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
