package org.penstock.netif.fault;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.StackRuntime;
import org.penstock.netif.loopback.Cable;
import org.penstock.netif.loopback.CableOptions;
import org.penstock.netif.loopback.Offload;
import org.penstock.testkit.netif.JoinedNetifs;
import org.penstock.testkit.netif.NetifContract;
import org.penstock.testkit.netif.NetifFixture;
import org.penstock.testkit.netif.ReceivedFrame;
import org.penstock.testkit.netif.WrappedNetif;

/** An injector that does nothing to frames is no worse a driver than the one inside it. */
class FaultContractTest {

  @Nested
  class AroundAPlainDriver extends NetifContract {
    @Override
    protected NetifFixture fixture() throws NetifException {
      return new Fixture(Offload.NONE, runtime);
    }
  }

  @Nested
  class AroundADriverThatSegments extends NetifContract {
    @Override
    protected NetifFixture fixture() throws NetifException {
      return new Fixture(Offload.SEGMENTATION, runtime);
    }
  }

  /** An injector around one end of a cable; the other end is the hand on the wire. */
  private static final class Fixture extends JoinedNetifs {
    private final Cable cable;
    private final WrappedNetif wrapped;

    Fixture(Offload offload, StackRuntime runtime) throws NetifException {
      this(new Cable(runtime, CableOptions.named("wire").withOffload(offload)), runtime);
    }

    private Fixture(Cable cable, StackRuntime runtime) throws NetifException {
      this(
          cable,
          new WrappedNetif(cable.end(0), new FaultInjector("fault", FaultSettings.NONE), 1),
          runtime);
    }

    private Fixture(Cable cable, WrappedNetif wrapped, StackRuntime runtime) throws NetifException {
      super(wrapped, cable.end(1), runtime);
      this.cable = cable;
      this.wrapped = wrapped;
    }

    @Override
    public List<ReceivedFrame> takeSent(Duration atMost) {
      wrapped.workWrapper();
      return super.takeSent(atMost);
    }

    @Override
    public boolean link(boolean up) {
      cable.plugged(up);
      return true;
    }
  }
}
