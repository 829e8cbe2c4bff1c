package org.penstock.launcher.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.penstock.launcher.tap.TapSystem.STACK;

import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.penstock.testkit.ContentVerifier;
import org.penstock.testkit.NetworkNamespaceExtension;
import org.penstock.testkit.SeededContent;

/** A driver without Ethernet takes over from one with it, and the other way round. */
@ExtendWith(NetworkNamespaceExtension.class)
@Timeout(300)
class LinkTakeoverIT {

  private static final SeededContent CONTENT = new SeededContent(1, 64L << 20);

  @Test
  void downloadOutlivesAChangeOfItsLinkType() throws Exception {
    try (TapSystem system = TapSystem.start("takeover", Map.of(), Map.of())) {
      CONTENT.writeTo(system.www("large"));
      Process curl = system.start("exec curl -sS --fail http://" + STACK + "/large");
      TapSystem.limit(curl);
      ContentVerifier verifier = CONTENT.verifier();
      InputStream got = curl.getInputStream();
      DriverRestartIT.read(got, verifier, CONTENT.length() / 3);

      system.addTun();
      assertThat(system.stack().textOfInterface("linkType")).isEqualTo("IP");
      DriverRestartIT.read(got, verifier, 2 * CONTENT.length() / 3);
      assertThat(system.sh("ping -q -c 3 -i 0.2 " + STACK)).contains("3 received");

      system.removeTun();
      assertThat(system.stack().textOfInterface("linkType")).isEqualTo("ETHERNET");
      DriverRestartIT.read(got, verifier, CONTENT.length());

      assertThat(got.read()).as("what follows the content").isNegative();
      assertThat(curl.waitFor()).isZero();
      verifier.checkComplete();
      assertThat(system.stack().brokenInvariants()).isEmpty();
    }
  }
}
