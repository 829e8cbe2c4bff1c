/**
 * What the tests know of packets, written apart from the stack's own wire formats so that it can
 * contradict them: a decoder, one line of text for each packet, checks that combine, and a builder.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.packet;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
