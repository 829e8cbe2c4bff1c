package org.penstock.netif.loopback;

import org.penstock.testkit.netif.JoinedNetifs;
import org.penstock.testkit.netif.NetifContract;
import org.penstock.testkit.netif.NetifFixture;

class CableContractTest extends NetifContract {

  @Override
  protected NetifFixture fixture() throws Exception {
    Cable cable = new Cable(runtime, CableOptions.named("wire").withQueueLength(256));
    return new JoinedNetifs(cable.end(0), cable.end(1), runtime) {
      @Override
      public boolean link(boolean up) {
        cable.plugged(up);
        return true;
      }
    };
  }
}
