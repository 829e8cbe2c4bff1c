/** Values that every part of the stack speaks: addresses of both families, prefixes, ports. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
