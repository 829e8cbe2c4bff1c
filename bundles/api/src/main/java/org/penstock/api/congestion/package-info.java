/** The congestion control SPI: a stateless algorithm plus state words kept in the PCB. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.congestion;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
