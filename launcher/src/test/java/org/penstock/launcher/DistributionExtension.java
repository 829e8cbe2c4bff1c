package org.penstock.launcher;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.osgi.framework.BundleContext;

/**
 * Boots the distribution once a test class and gives tests the framework's {@link BundleContext} or
 * the {@link PaxContainer} itself as a parameter. The tests stay outside: they see services by the
 * framework's API, not by the bundles' classes. {@link InsideDistributionExtension} is for tests
 * that use those.
 */
public class DistributionExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private PaxContainer container;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    container = PaxContainer.start(context.getRequiredTestClass().getSimpleName());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (container != null) {
      container.close();
    }
  }

  final PaxContainer container() {
    return container;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == BundleContext.class || type == PaxContainer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PaxContainer.class
        ? container
        : container.context();
  }
}
