/** Memory that frames and streams live in: landings, chunks, and who owns them. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.api.buffer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
