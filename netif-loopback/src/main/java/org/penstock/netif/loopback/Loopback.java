package org.penstock.netif.loopback;

import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;

/**
 * A device that returns to its slot whatever it is given to send. Frames are IP packets without a
 * link header, checksums are left out, and TCP super-frames cross as a whole. Sending copies into a
 * bounded queue; the queue's agent delivers.
 */
public final class Loopback implements Netif {

  /** As large as an IP packet can be. */
  public static final int DEFAULT_MTU = 65_535;

  /** Frames that wait at most, if nothing else is said. */
  public static final int DEFAULT_QUEUE_LENGTH = 1024;

  private final WireEnd station;

  /** A loopback with the default MTU and queue. */
  public Loopback(String name) {
    this(name, DEFAULT_MTU, DEFAULT_QUEUE_LENGTH);
  }

  /**
   * A loopback.
   *
   * @param name the device's name, such as {@code lo}
   * @param mtu largest IP packet in bytes, 68 to 65,535
   * @param queueLength frames that wait at most, 1 to 1,048,576
   */
  public Loopback(String name, int mtu, int queueLength) {
    CableOptions.checkName(name);
    CableOptions.checkMtu(mtu);
    CableOptions.checkQueueLength(queueLength);
    this.station =
        new WireEnd(
            name,
            Station.capabilities(LinkType.IP, mtu, Offload.SEGMENTATION),
            queueLength,
            null,
            () -> true);
  }

  @Override
  public String name() {
    return station.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    return station.capabilities();
  }

  @Override
  public long drops() {
    return station.drops();
  }

  @Override
  public NetifAttachment attach(NetifHost host) throws NetifException {
    return station.attach(host);
  }

  /** What became of the frames sent so far. */
  public WireStatistics statistics() {
    return station.sentCounters().read();
  }
}
