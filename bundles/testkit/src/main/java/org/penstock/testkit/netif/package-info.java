/** The contract test of NIC drivers, and a double of the slot that they attach to. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.netif;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
