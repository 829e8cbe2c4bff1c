package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.penstock.api.IpAddress;

/** A bundle that uses the contracts is wired to the bundle that has them. */
@Tag("container")
@ExtendWith(InsideDistributionExtension.class)
public class WiringIT {

  @Test
  public void testRunsInABundleOfItsOwn(BundleContext own) {
    assertThat(FrameworkUtil.getBundle(WiringIT.class)).isNotNull().isEqualTo(own.getBundle());
  }

  @Test
  public void contractsComeFromTheApiBundle() {
    Bundle source = FrameworkUtil.getBundle(IpAddress.class);

    assertThat(source).isNotNull();
    assertThat(source.getSymbolicName()).isEqualTo("org.penstock.api");
  }
}
