package org.penstock.netif.fault;

import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifHost;
import org.penstock.api.netif.NetifWrapper;
import org.penstock.api.netif.NetifWrapping;

/**
 * A NIC around another that loses, delays, repeats, reorders and corrupts frames, by seed.
 *
 * <p>Each frame is judged as a wire would carry it: the stack is offered no segmentation and no
 * checksums, so that it cuts and sums by itself, and super-frames that the driver receives are cut
 * here. Frames that are held back are copies in bounded memory. There is no thread: what is due at
 * once goes on the caller's, the rest by an agent that the concurrency strategy drives.
 *
 * <p>All methods may be called from any thread.
 */
public final class FaultInjector implements NetifWrapper {

  private static final int ETHERNET_HEADER = 14;

  private final String name;
  private final Direction in;
  private final Direction out;
  private volatile FaultSettings settings;

  /** An injector for one slot. */
  public FaultInjector(String name, FaultSettings settings) {
    this.name = name;
    this.settings = settings;
    this.in = new Direction(inPlan(settings));
    this.out = new Direction(outPlan(settings));
  }

  @Override
  public String name() {
    return name;
  }

  /** What it does at this moment. */
  public FaultSettings settings() {
    return settings;
  }

  /** Does something else from the next frame on; what is held back arrives when it was to. */
  public void settings(FaultSettings other) {
    settings = other;
    in.plan(inPlan(other));
    out.plan(outPlan(other));
  }

  /** What became of received frames. */
  public FaultStatistics in() {
    return in.read();
  }

  /** What became of sent frames. */
  public FaultStatistics out() {
    return out.read();
  }

  @Override
  public NetifCapabilities capabilities(NetifCapabilities driver) {
    return new NetifCapabilities(
        driver.linkType(),
        driver.mtu(),
        false,
        false,
        0,
        0,
        driver.mtu() + linkHeader(driver),
        driver.queues(),
        Integer.MAX_VALUE,
        false);
  }

  @Override
  public NetifWrapping wrap(
      NetifHost host, NetifAttachment driver, NetifCapabilities capabilities) {
    return new FaultWrapping(host, driver, capabilities, in, out);
  }

  static int linkHeader(NetifCapabilities capabilities) {
    return capabilities.linkType() == LinkType.ETHERNET ? ETHERNET_HEADER : 0;
  }

  // Two directions of one seed must not lose the same frames.
  private static Direction.Plan inPlan(FaultSettings settings) {
    return new Direction.Plan(settings.in(), 2 * settings.seed() + 1, settings.memory());
  }

  private static Direction.Plan outPlan(FaultSettings settings) {
    return new Direction.Plan(settings.out(), 2 * settings.seed(), settings.memory());
  }

  @Override
  public String toString() {
    return "FaultInjector[" + name + ", " + settings + "]";
  }
}
