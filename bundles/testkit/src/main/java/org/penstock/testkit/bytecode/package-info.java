/** Rules over compiled classes: what a bundle's bytecode must not contain. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.testkit.bytecode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
