package org.penstock.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test a {@link NetworkNamespace} of its own as a parameter: of a test method or {@code
 * BeforeEach}, one that lives as long as the test; of {@code BeforeAll}, one that lives as long as
 * the class. It is removed whatever happened. Leftovers of runs that were killed are removed before
 * the class's first test.
 *
 * <p>Every parameter gets another namespace, so a test may have two. Where tools or rights are
 * missing the test fails or is skipped, as {@link Prerequisites} says.
 */
public final class NetworkNamespaceExtension implements BeforeAllCallback, ParameterResolver {

  /** For JUnit. */
  public NetworkNamespaceExtension() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    Prerequisites.requireTap();
    NetworkNamespace.removeLeftovers();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == NetworkNamespace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var owned = new Owned(NetworkNamespace.create());
    context
        .getStore(Namespace.create(NetworkNamespaceExtension.class))
        .put(owned.namespace().name(), owned);
    return owned.namespace();
  }

  // JUnit closes what lies in a context's store when the context ends.
  private record Owned(NetworkNamespace namespace) implements AutoCloseable {
    @Override
    public void close() {
      namespace.close();
    }
  }
}
