/** CUBIC congestion control (RFC 9438), with HyStart++ (RFC 9406) in front. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.congestion.cubic;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
