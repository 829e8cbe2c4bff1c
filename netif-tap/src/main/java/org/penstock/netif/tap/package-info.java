/**
 * A NIC on a Linux TAP or TUN device, through {@code java.lang.foreign}: {@link TapSettings} says
 * which device and how, {@link TapException} why it could not be opened.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.netif.tap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
