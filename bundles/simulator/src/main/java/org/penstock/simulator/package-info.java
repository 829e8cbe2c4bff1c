/** Replays seeded runs of whole stacks in virtual time. */
@NullMarked
package org.penstock.simulator;

import org.jspecify.annotations.NullMarked;
