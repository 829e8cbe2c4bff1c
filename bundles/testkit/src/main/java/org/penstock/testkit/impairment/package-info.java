/**
 * A bad wire between two devices of whatever kind, for tests: what an {@link
 * org.penstock.api.netif.impairment.ImpairmentModel} decides, done to frames.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.impairment;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
