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

  @Test
  void coreHasNoLockThreadClockOrRandomSourceOfItsOwn() throws IOException {
    Path classes = Path.of(System.getProperty("basedir", "."), "target", "classes");

    assertThat(StackCode.onlyStackRuntime().findBelow(classes)).isEmpty();
  }
}
