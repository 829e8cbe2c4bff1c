/** Thin components: stacks and slots made from configurations. */
@NullMarked
package org.penstock.core.internal.osgi;

import org.jspecify.annotations.NullMarked;
