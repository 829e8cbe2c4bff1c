package org.penstock.testkit.netif;

import java.time.Duration;
import java.util.List;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifException;
import org.penstock.api.runtime.StackRuntime;

/** The fixture of drivers that come in pairs: the other one is the hand on the wire. */
public class JoinedNetifs implements NetifFixture {

  private final Netif netif;
  private final StackRuntime runtime;
  private final AttachedNetif far;

  /** The driver under test, and the one it is joined to. */
  public JoinedNetifs(Netif netif, Netif other, StackRuntime runtime) throws NetifException {
    this.netif = netif;
    this.runtime = runtime;
    this.far = new AttachedNetif(other, "far/net0", runtime);
  }

  @Override
  public Netif netif() {
    return netif;
  }

  @Override
  public void inject(byte[] frame) {
    far.send(frame);
  }

  @Override
  public List<ReceivedFrame> takeSent(Duration atMost) {
    long deadline = runtime.nanoTime() + atMost.toNanos();
    far.driveUntil(() -> !far.host().frames().isEmpty() || runtime.nanoTime() >= deadline);
    return far.host().takeFrames();
  }

  /** Nothing to do: the far end takes frames only in {@link #takeSent}. */
  @Override
  public boolean stall() {
    return true;
  }

  @Override
  public void close() {
    far.close();
  }
}
