package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.DEVICE;
import static org.penstock.launcher.tap.TapSystem.STACK;
import static org.penstock.launcher.tap.TapSystem.sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** The driver's bundle goes and comes back, and what is connected stays connected. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class DriverRestartIT {

  private static final SeededContent CONTENT = new SeededContent(1, 32L << 20);
  private static final int RESTARTS = 3;

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
    Path got = system.got("large");
    String command =
        "exec curl -sS --fail --limit-rate 8M -o " + got + " http://" + STACK + "/large";
    Process curl = system.start(command);
    for (int i = 1; i <= RESTARTS; i++) {
      long enough = i * CONTENT.length() / (RESTARTS + 1);
      Eventually.await(enough + " bytes", () -> size(got) >= enough, () -> size(got));

      driver.stop();
      assertThat(system.sh("ip link show " + DEVICE)).contains("NO-CARRIER");
      assertThat(curl.isAlive()).isTrue();
      assertThat(size(got)).isLessThan(CONTENT.length());
      assertThat(system.stack().connections()).singleElement().asString().contains("ESTABLISHED");

      driver.start();
    }

    TapSystem.finish(curl, command);
    assertThat(sha256(got)).isEqualTo(CONTENT.sha256());
    assertThat(system.stack().ofInterface("generation")).isEqualTo(generation + RESTARTS);
    assertThat(system.stack().brokenInvariants()).isEmpty();
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
