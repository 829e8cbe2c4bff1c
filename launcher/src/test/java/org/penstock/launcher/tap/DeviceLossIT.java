package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.DEVICE;
import static org.penstock.launcher.tap.TapSystem.KERNEL;
import static org.penstock.launcher.tap.TapSystem.STACK;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.launcher.Eventually;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** The device is deleted behind the driver's back during a download, which goes on all the same. */
@Tag("container")
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class DeviceLossIT {

  private static final SeededContent CONTENT = new SeededContent(1, 48L << 20);
  private static final int PIECE = 64 * 1024;
  private static final String SECOND = "tap1";

  @Test
  void theNextBestDriverTakesOver() throws Exception {
    try (TapSystem system = TapSystem.start("loss", Map.of(), Map.of())) {
      CONTENT.writeTo(system.www("large"));
      system.configureTap(SECOND, Map.of("service.ranking", "-1"));
      system.sh(
          "ip address del "
              + KERNEL
              + "/24 dev "
              + DEVICE
              + " && ip link add br0 type bridge forward_delay 0"
              + " && ip link set "
              + DEVICE
              + " master br0"
              + " && ip link set "
              + SECOND
              + " master br0"
              + " && ip address add "
              + KERNEL
              + "/24 dev br0"
              + " && ip link set br0 up && ip link set "
              + SECOND
              + " up");
      system.configureSlot(Map.of("netif.target", "(netif.type=tap)"));
      Eventually.await(
          "two drivers on offer",
          () -> system.stack().textOfInterface("drivers").contains("role=OFFERED"),
          () -> system.stack().textOfInterface("drivers"));
      Process curl = system.start("exec curl -sS --fail http://" + STACK + "/large");
      TapSystem.limit(curl);
      ContentVerifier verifier = CONTENT.verifier();
      InputStream got = curl.getInputStream();
      read(got, verifier, CONTENT.length() / 4);

      system.sh("ip link del " + DEVICE);

      read(got, verifier, CONTENT.length());
      assertEnded(curl, verifier);
      assertThat(system.stack().textOfInterface("driver")).isEqualTo(SECOND);
      assertThat(system.stack().brokenInvariants()).isEmpty();
    }
  }

  @Test
  void withoutAnotherTheConnectionWaitsForOne() throws Exception {
    try (TapSystem system = TapSystem.start("lone", Map.of(), Map.of())) {
      CONTENT.writeTo(system.www("large"));
      Process curl = system.start("exec curl -sS --fail http://" + STACK + "/large");
      TapSystem.limit(curl);
      ContentVerifier verifier = CONTENT.verifier();
      InputStream got = curl.getInputStream();
      read(got, verifier, CONTENT.length() / 4);

      system.sh("ip link del " + DEVICE);
      Eventually.await(
          "an interface without driver",
          () -> system.stack().textOfInterface("driver").isEmpty(),
          () -> system.stack().textOfInterface("drivers"));
      assertThat(system.stack().connections()).singleElement().asString().contains("ESTABLISHED");
      system.configureTap(DEVICE, Map.of("spin.micros", "1"));
      system.sh(
          "ip address add " + KERNEL + "/24 dev " + DEVICE + " && ip link set " + DEVICE + " up");

      read(got, verifier, CONTENT.length());
      assertEnded(curl, verifier);
      assertThat(system.stack().brokenInvariants()).isEmpty();
    }
  }

  private static void assertEnded(Process curl, ContentVerifier verifier) throws Exception {
    assertThat(curl.getInputStream().read()).as("what follows the content").isNegative();
    assertThat(curl.waitFor()).isZero();
    verifier.checkComplete();
  }

  /** Reads and compares up to an offset, or to the end. */
  private static void read(InputStream from, ContentVerifier verifier, long offset)
      throws IOException {
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
