/** RFC 863 discard on the stack. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.discard;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
