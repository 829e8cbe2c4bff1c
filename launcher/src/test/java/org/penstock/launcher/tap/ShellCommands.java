package org.penstock.launcher.tap;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Gogo's commands, run in the container from outside. */
final class ShellCommands {

  private static final String PROCESSOR = "org.apache.felix.service.command.CommandProcessor";

  private ShellCommands() {}

  /**
   * Runs a command line.
   *
   * @return what it gave, as text
   */
  static String run(BundleContext framework, String line) throws Exception {
    ServiceReference<?> reference = framework.getServiceReference(PROCESSOR);
    Object processor = framework.getService(reference);
    try {
      OutputStream out = new ByteArrayOutputStream();
      Object session =
          call(
              processor,
              "createSession",
              new Class<?>[] {InputStream.class, OutputStream.class, OutputStream.class},
              new ByteArrayInputStream(new byte[0]),
              out,
              out);
      Object given = call(session, "execute", new Class<?>[] {CharSequence.class}, line);
      return given + ((ByteArrayOutputStream) out).toString(StandardCharsets.UTF_8);
    } finally {
      framework.ungetService(reference);
    }
  }

  private static Object call(Object target, String name, Class<?>[] types, Object... arguments)
      throws Exception {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> each : type.getInterfaces()) {
        try {
          return each.getMethod(name, types).invoke(target, arguments);
        } catch (NoSuchMethodException e) {
          // One of the others has it.
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    }
    throw new NoSuchMethodException(name + " of " + target);
  }
}
