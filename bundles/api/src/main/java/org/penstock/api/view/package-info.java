/** The read-only view of a stack: records, counters and drop reasons, for shells and tools. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.view;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
