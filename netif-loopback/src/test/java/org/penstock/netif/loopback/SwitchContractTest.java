package org.penstock.netif.loopback;

import org.penstock.testkit.netif.JoinedNetifs;
import org.penstock.testkit.netif.NetifContract;
import org.penstock.testkit.netif.NetifFixture;

class SwitchContractTest extends NetifContract {

  @Override
  protected NetifFixture fixture() throws Exception {
    VirtualSwitch sw = new VirtualSwitch(runtime, SwitchOptions.named("sw0"));
    return new JoinedNetifs(sw.port(1), sw.port(3), runtime) {
      @Override
      public boolean link(boolean up) {
        sw.plugged(1, up);
        return true;
      }

      /** A switch refuses nothing: it drops what a slow station has no room for. */
      @Override
      public boolean stall() {
        return false;
      }
    };
  }
}
