package org.penstock.core.internal.osgi;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Which services a configuration allows.
 *
 * @param filter over their properties, null for all
 */
record Target(@Nullable Filter filter) {

  static final Target ANY = new Target(null);

  static Target parse(String text) {
    try {
      return new Target(FrameworkUtil.createFilter(text));
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(
          "allowed is a filter over service properties, such as (strategy.name=mailbox): "
              + e.getMessage(),
          e);
    }
  }

  boolean matches(Map<String, ?> properties) {
    return filter == null || filter.matches(properties);
  }
}
