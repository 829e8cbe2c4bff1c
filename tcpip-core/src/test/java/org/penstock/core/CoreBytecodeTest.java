package org.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.penstock.testkit.bytecode.StackCode;

/**
 * The core is single-threaded code that takes time and chance as arguments. {@code StackCodeTest}
 * of the test kit shows that each rule finds its offender.
 */
class CoreBytecodeTest {

  private static final Path CLASSES =
      Path.of(System.getProperty("basedir", "."), "target", "classes");
  private static final Path CONTAINER_RIM = CLASSES.resolve("org/penstock/core/internal/osgi");

  @Test
  void coreHasNoLockThreadClockOrRandomSourceOfItsOwn() throws IOException {
    assertThat(
            StackCode.onlyStackRuntime()
                .findBelow(CLASSES, file -> !file.startsWith(CONTAINER_RIM)))
        .isEmpty();
  }

  @Test
  void componentsHaveNoThreadClockOrRandomSourceOfTheirOwn() throws IOException {
    assertThat(StackCode.containerRim().findBelow(CONTAINER_RIM)).isEmpty();
  }
}
