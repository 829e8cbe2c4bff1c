package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** The assembled distribution boots, in the framework that the build names. */
@Tag("container")
@ExtendWith(DistributionExtension.class)
class DistributionIT {

  @Test
  void frameworkIsTheOneAskedFor(BundleContext framework) {
    assertThat(framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getSymbolicName())
        .isEqualTo(System.getProperty("penstock.test.framework", "org.apache.felix.framework"));
  }

  @Test
  void everyBundleIsActive(BundleContext framework) {
    assertThat(framework.getBundles())
        .allSatisfy(bundle ->
            assertThat(bundle.getState())
                .as("state of %s", bundle.getSymbolicName())
                .isEqualTo(isFragment(bundle) ? Bundle.RESOLVED : Bundle.ACTIVE));
  }

  @Test
  void everyBundleOfOursIsThere(BundleContext framework) {
    assertThat(Arrays.stream(framework.getBundles()).map(Bundle::getSymbolicName))
        .contains(
            "org.penstock.api",
            "org.penstock.core",
            "org.penstock.tdi",
            "org.penstock.netif.tap",
            "org.penstock.netif.loopback",
            "org.penstock.netif.fault",
            "org.penstock.netif.capture",
            "org.penstock.concurrency.caller",
            "org.penstock.concurrency.globallock",
            "org.penstock.concurrency.mailbox",
            "org.penstock.concurrency.spinlock",
            "org.penstock.concurrency.corelock",
            "org.penstock.concurrency.baton",
            "org.penstock.concurrency.striped",
            "org.penstock.concurrency.sharded",
            "org.penstock.congestion.cubic",
            "org.penstock.shell",
            "org.penstock.service.http",
            "org.penstock.service.echo",
            "org.penstock.service.discard",
            "org.penstock.service.chargen",
            "org.penstock.service.iperf3");
  }

  private static boolean isFragment(Bundle bundle) {
    return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
  }
}
