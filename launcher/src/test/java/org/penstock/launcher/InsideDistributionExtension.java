package org.penstock.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.ops4j.pax.exam.TestAddress;
import org.ops4j.pax.exam.TestProbeBuilder;

/**
 * Runs the tests of a class inside the distribution: the class goes into a bundle of its own, which
 * is wired to the real bundles as a user's would be.
 *
 * <p>The class and its tests must be public and without lifecycle methods, and the tests without
 * parameters or with a {@code BundleContext} only, which is the test bundle's own.
 */
public final class InsideDistributionExtension extends DistributionExtension
    implements InvocationInterceptor {

  private final Map<Method, TestAddress> addresses = new HashMap<>();

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    super.beforeAll(context);
    Class<?> testClass = context.getRequiredTestClass();
    TestProbeBuilder probe = container().newProbe();
    for (Method test :
        AnnotationSupport.findAnnotatedMethods(
            testClass, Test.class, HierarchyTraversalMode.TOP_DOWN)) {
      addresses.put(test, probe.addTest(testClass, test.getName()));
    }
    container().container().installProbe(probe.build().getStream());
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    invocation.skip();
    try {
      container().container().call(addresses.get(method.getExecutable()));
    } catch (RuntimeException e) {
      throw failureOf(e);
    }
  }

  /** What the test itself threw, below the layers that carried it here. */
  private static Throwable failureOf(RuntimeException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvocationTargetException target) {
        return target.getTargetException();
      }
    }
    return thrown;
  }
}
