/**
 * The rim of the core: the only code that many threads run at once. It enters cells through the
 * concurrency strategy in force, and replaces strategies while everything runs.
 */
@NullMarked
package org.penstock.core.internal.rim;

import org.jspecify.annotations.NullMarked;
