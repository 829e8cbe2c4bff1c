/** What the services on the stack have in common: a configuration, a stack's client, a server. */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.service;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
