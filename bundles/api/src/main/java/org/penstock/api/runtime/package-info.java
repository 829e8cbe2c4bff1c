/**
 * Time, chance and threads, handed in from outside.
 *
 * <p>Strategies, the rim of the core, the transport layer and NICs inside the JVM take everything
 * they need of the machine from {@link org.penstock.api.runtime.StackRuntime}, so that a simulator
 * can put virtual time and a seeded scheduler in its place.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
