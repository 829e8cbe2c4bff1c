package org.penstock.launcher;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What the process is attached to. */
final class Terminal {

  private static final int STDIN = 0;

  private Terminal() {}

  /**
   * True if standard input is a terminal. {@code System.console} does not tell: it looks at
   * standard output as well.
   */
  static boolean isOnStandardInput() {
    Linker linker = Linker.nativeLinker();
    MethodHandle isatty =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("isatty"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(STDIN) == 1;
    } catch (Throwable e) {
      throw new LinkageError("isatty can't be called", e);
    }
  }
}
