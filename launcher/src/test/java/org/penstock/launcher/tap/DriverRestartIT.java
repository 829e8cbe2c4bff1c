package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.DEVICE;
import static org.penstock.launcher.tap.TapSystem.STACK;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/**
 * The driver's bundle goes and comes back, and in the end is updated; what is connected stays
 * connected.
 */
@Tag("container")
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class DriverRestartIT {

  private static final SeededContent CONTENT = new SeededContent(1, 64L << 20);
  private static final int RESTARTS = 3;
  private static final int PIECE = 64 * 1024;

  private static TapSystem system;

  @BeforeAll
  static void start() throws Exception {
    // A device that stays keeps its addresses while nobody holds it open.
    system = TapSystem.start("restart", Map.of(), Map.of("persistent", "true"));
    CONTENT.writeTo(system.www("large"));
  }

  @AfterAll
  static void stop() {
    if (system != null) {
      system.close();
    }
  }

  @Test
  void downloadOutlivesItsDriver() throws Exception {
    Bundle driver = system.bundle("org.penstock.netif.tap");
    long generation = system.stack().ofInterface("generation");
    String command = "exec curl -sS --fail http://" + STACK + "/large";
    Process curl = system.start(command);
    TapSystem.limit(curl);
    ContentVerifier verifier = CONTENT.verifier();
    InputStream got = curl.getInputStream();
    for (int i = 1; i <= RESTARTS; i++) {
      read(got, verifier, i * CONTENT.length() / (RESTARTS + 1));
      // The stack is filling what the kernel has room for, which is less than is still to come.
      if (i == RESTARTS) {
        driver.update();
        continue;
      }
      driver.stop();
      assertThat(system.sh("ip link show " + DEVICE)).contains("NO-CARRIER");
      assertThat(system.stack().connections()).singleElement().asString().contains("ESTABLISHED");
      driver.start();
    }
    read(got, verifier, CONTENT.length());

    assertThat(got.read()).as("what follows the content").isNegative();
    assertThat(curl.waitFor()).isZero();
    verifier.checkComplete();
    assertThat(system.stack().ofInterface("generation")).isEqualTo(generation + RESTARTS);
    assertThat(system.stack().brokenInvariants()).isEmpty();
  }

  /** Reads and compares up to an offset, or to the end. */
  static void read(InputStream from, ContentVerifier verifier, long offset) throws IOException {
    byte[] piece = new byte[PIECE];
    while (verifier.position() < offset) {
      int count = from.read(piece);
      if (count < 0) {
        verifier.check();
        throw new AssertionError("the download ended at " + verifier.position());
      }
      verifier.accept(piece, 0, count);
    }
  }
}
