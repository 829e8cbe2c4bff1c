package org.penstock.netif.tap.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.penstock.api.MacAddress;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.netif.tap.TapException;
import org.penstock.netif.tap.TapSettings;

/**
 * An open TAP or TUN device as a driver. The device is open as long as this object is, bound to a
 * slot or not; while it is not, its queue is parked, so that another driver on the same device gets
 * all the flows.
 */
public final class TapNetif implements Netif, AutoCloseable {
  private static final int IP_PACKET_MAX = 65_535;

  // A call that does not return in this time never will: none of them blocks.
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int TSO = TapDevice.TUN_F_TSO4 | TapDevice.TUN_F_TSO6;
  private static final int USO = TapDevice.TUN_F_USO4 | TapDevice.TUN_F_USO6;

  private final TapSettings settings;
  private final TapDevice device;
  private final Consumer<TapException> onLost;
  private final AtomicLong drops = new AtomicLong();
  private final MacAddress mac;
  private volatile NetifCapabilities capabilities;
  private @Nullable TapAttachment attachment;
  private @Nullable String unusable;
  private boolean closed;

  TapNetif(TapSettings settings, TapDevice device, Consumer<TapException> onLost) {
    this.settings = settings;
    this.device = device;
    this.onLost = onLost;
    this.mac = device.mac();
    int mtu = device.mtu();
    capabilities = capabilities(mtu > 0 ? mtu : TapSettings.MTU_MIN);
    device.park();
  }

  /**
   * Opens a device.
   *
   * @param settings which, and how
   * @param onLost told once, by the thread that drives the queue, when the device is gone for good;
   *     must not block
   * @throws TapException when that is impossible; its message says what to do
   */
  public static TapNetif open(TapSettings settings, Consumer<TapException> onLost)
      throws TapException {
    return new TapNetif(settings, TapDevice.open(settings), onLost);
  }

  private NetifCapabilities capabilities(int mtu) {
    int offload = device.offload();
    boolean checksum = (offload & TapDevice.TUN_F_CSUM) != 0;
    boolean tcp = (offload & TSO) == TSO;
    boolean udp = (offload & USO) == USO;
    return new NetifCapabilities(
        settings.linkType(),
        mtu,
        checksum,
        checksum,
        tcp ? IP_PACKET_MAX : 0,
        udp ? IP_PACKET_MAX : 0,
        (tcp || udp ? IP_PACKET_MAX : mtu) + device.linkHeader(),
        1,
        TapTransmitPort.PIECES_MAX,
        false);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    return capabilities;
  }

  /** What it was opened with. */
  public TapSettings settings() {
    return settings;
  }

  /** The Ethernet address of the kernel's side when this was opened; zero for a TUN. */
  public MacAddress mac() {
    return mac;
  }

  /** What was asked for and not to be had, a sentence each. */
  public List<String> fallbacks() {
    return device.fallbacks();
  }

  /** Whether the same device can be opened once more at the same time. */
  public boolean isShareable() {
    return device.multiQueue();
  }

  /** Frames that were too long to receive or to send, or that the kernel refused. */
  @Override
  public long drops() {
    return drops.get();
  }

  @Override
  public synchronized NetifAttachment attach(NetifHost host) throws NetifException {
    if (unusable != null) {
      throw new TapException(unusable);
    }
    if (attachment != null) {
      throw new TapException(device.what() + " is attached to a slot already");
    }
    device.unpark();
    remeasured(device.mtu());
    try {
      long spinNanos = TimeUnit.MICROSECONDS.toNanos(settings.spinMicros());
      attachment = new TapAttachment(this, device, host, settings.offload(), spinNanos);
      return attachment;
    } catch (TapException | RuntimeException | Error e) {
      device.park();
      throw e;
    }
  }

  int mtu() {
    return capabilities.mtu();
  }

  void dropped() {
    drops.incrementAndGet();
  }

  /** Takes note of the device's MTU, or negated errno. True if it is another than before. */
  boolean remeasured(int mtu) {
    if (mtu < TapSettings.MTU_MIN || mtu == mtu()) {
      return false; // an interface can have a smaller one; IPv4 then has nothing to send anyway
    }
    capabilities = capabilities(mtu);
    return true;
  }

  void lost(TapException cause) {
    synchronized (this) {
      unusable = cause.getMessage();
    }
    onLost.accept(cause);
  }

  /** A thread did not leave in time: never to be bound again. */
  synchronized void hung() {
    unusable = "a thread hangs in the driver of " + device.what();
  }

  synchronized void ended(TapAttachment which) {
    if (attachment == which) {
      attachment = null;
      device.park();
    }
  }

  /**
   * Ends what bond there is, within 2 seconds, and closes the device; one that is not persistent
   * disappears. A device that a thread is still using stays open: its descriptor's number must not
   * be used again under that thread.
   *
   * @throws TapException when it had to stay open
   */
  @Override
  public void close() throws TapException {
    TapAttachment last;
    synchronized (this) {
      if (unusable == null) {
        unusable = device.what() + " is closed";
      }
      last = attachment;
    }
    // Outside of the monitor: the queue's thread may be on its way into it.
    if (last != null && !last.detachWithin(CLOSE_NANOS)) {
      throw new TapException(device.what() + " stays open: a thread is still inside of the driver");
    }
    synchronized (this) {
      if (!closed) {
        closed = true;
        device.close();
      }
    }
  }
}
