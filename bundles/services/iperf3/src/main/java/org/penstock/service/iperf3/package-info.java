/** Throughput tests on the stack, as server and as client, that understand iperf3. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service.iperf3;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
