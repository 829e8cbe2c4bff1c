/**
 * A bad network as a pure function: seeded, without a clock, the same wherever it is put (the
 * simulator's cable, a fault-injecting NIC, a wire between stack and kernel).
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.netif.impairment;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
