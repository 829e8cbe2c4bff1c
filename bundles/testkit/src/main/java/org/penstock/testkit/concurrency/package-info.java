/**
 * What a concurrency strategy is tested with: a stack that is none, made of counters, timers and
 * conditions, and contract tests that any strategy runs.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.concurrency;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
