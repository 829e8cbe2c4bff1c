package org.penstock.testkit.impairment;

import java.time.Duration;
import java.util.List;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.impairment.Impairment;
import org.penstock.api.netif.impairment.ImpairmentConfig;
import org.penstock.api.netif.impairment.ImpairmentModel;
import org.penstock.api.runtime.RuntimeThread;
import org.penstock.api.runtime.StackRuntime;

/**
 * A bad wire between two devices of whatever kind: what one receives the other sends, when an
 * {@link ImpairmentModel} says so. Two TAP devices become two Linux hosts on a bad network; a TAP
 * device and the end of a cable, Linux and a stack on the same one.
 *
 * <p>The devices need one queue each and no offload, so that a frame is a packet. A thread for each
 * direction drives the receiving device.
 */
public final class Wire implements AutoCloseable {

  /** Longer than a fence takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StackRuntime runtime;
  private final WireEnd[] ends;
  private final List<WireLane> lanes;
  private final List<RuntimeThread> threads;

  private Wire(StackRuntime runtime, WireEnd[] ends, List<WireLane> lanes) {
    this.runtime = runtime;
    this.ends = ends;
    this.lanes = lanes;
    this.threads =
        lanes.stream()
            .map(lane -> runtime.start("penstock-wire-" + lane.name(), lane::run))
            .toList();
  }

  /**
   * Joins two devices.
   *
   * @param there what happens to frames from the first device to the second
   * @param back what happens to frames from the second device to the first
   * @param seed of what happens
   * @throws NetifException if a device can't be used
   */
  public static Wire join(
      StackRuntime runtime,
      Netif first,
      Netif second,
      ImpairmentConfig there,
      ImpairmentConfig back,
      long seed)
      throws NetifException {
    return join(runtime, first, second, there, back, seed, (nanos, frame) -> {});
  }

  /**
   * Joins two devices.
   *
   * @param probe is shown what the first device's side of the wire sees: the frames it sends before
   *     anything happens to them, and those that arrive there
   * @throws NetifException if a device can't be used
   */
  public static Wire join(
      StackRuntime runtime,
      Netif first,
      Netif second,
      ImpairmentConfig there,
      ImpairmentConfig back,
      long seed,
      WireProbe probe)
      throws NetifException {
    WireEnd left = WireEnd.attach(runtime, first);
    WireEnd right;
    try {
      right = WireEnd.attach(runtime, second);
    } catch (NetifException e) {
      left.detach(runtime.nanoTime() + PATIENCE.toNanos());
      throw e;
    }
    WireProbe none = (nanos, frame) -> {};
    return new Wire(
        runtime,
        new WireEnd[] {left, right},
        List.of(
            new WireLane(runtime, left, right, there, 2 * seed, probe, none),
            new WireLane(runtime, right, left, back, 2 * seed + 1, none, probe)));
  }

  /**
   * How often each impairment happened, counted by the wire's threads: exact once it is closed.
   *
   * @param from the device that sent, 0 or 1
   */
  public long count(int from, Impairment impairment) {
    return lanes.get(from).count(impairment);
  }

  /** Detaches both devices; the frames on their way are lost. */
  @Override
  public void close() {
    long deadline = runtime.nanoTime() + PATIENCE.toNanos();
    lanes.forEach(WireLane::stop);
    for (RuntimeThread thread : threads) {
      if (!thread.join(deadline)) {
        throw new IllegalStateException("a wire's thread hangs:\n" + thread.stackTrace());
      }
    }
    for (WireEnd end : ends) {
      end.detach(deadline);
    }
  }
}
