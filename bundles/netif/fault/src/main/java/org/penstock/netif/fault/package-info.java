/** A NIC that wraps another while it runs and makes its network a bad one. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.netif.fault;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
