package org.penstock.tdi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.penstock.testkit.bytecode.StackCode;

/** The transport layer takes threads, waiting, time and chance from its stack alone. */
class TransportBytecodeTest {

  @Test
  void transportLayerHasNoLockThreadClockOrRandomSourceOfItsOwn() throws IOException {
    Path classes = Path.of(System.getProperty("basedir", "."), "target", "classes");

    assertThat(StackCode.onlyStackRuntime().findBelow(classes)).isEmpty();
  }
}
