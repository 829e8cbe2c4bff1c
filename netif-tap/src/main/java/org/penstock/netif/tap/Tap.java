package org.penstock.netif.tap;

import java.util.List;
import org.penstock.api.netif.Netif;
import org.penstock.api.netif.NetifAttachment;
import org.penstock.api.netif.NetifCapabilities;
import org.penstock.api.netif.NetifException;
import org.penstock.api.netif.NetifHost;
import org.penstock.netif.tap.internal.TapNetif;

/**
 * A Linux TAP or TUN device as a NIC of the stack, for use without OSGi:
 *
 * <pre>{@code
 * try (Tap tap = Tap.open(TapSettings.of("tap0").withNetns("blue").withMtu(1500))) {
 *   // hand it to a stack's slot
 * }
 * }</pre>
 *
 * <p>It needs 64-bit Linux, {@code /dev/net/tun}, root or {@code CAP_NET_ADMIN} (and {@code
 * CAP_SYS_ADMIN} to enter a namespace), and a JVM started with {@code
 * --enable-native-access=org.penstock.netif.tap}, or {@code ALL-UNNAMED} on the class path. The
 * kernel's side is the operator's: {@code ip link set tap0 up}, {@code ip addr add …}.
 *
 * <p>One slot at a time can be attached. Other instances may be open on the same device, which is
 * how one driver takes over from another; only attached ones take part in its traffic.
 */
public final class Tap implements Netif, AutoCloseable {
  private final TapNetif netif;

  private Tap(TapNetif netif) {
    this.netif = netif;
  }

  /**
   * Opens a device, after creating it where there is none.
   *
   * @param settings which, and how
   * @throws TapException when that is impossible; its message says what to do
   */
  public static Tap open(TapSettings settings) throws TapException {
    return new Tap(TapNetif.open(settings, cause -> {}));
  }

  @Override
  public String name() {
    return netif.name();
  }

  @Override
  public NetifCapabilities capabilities() {
    return netif.capabilities();
  }

  @Override
  public NetifAttachment attach(NetifHost host) throws NetifException {
    return netif.attach(host);
  }

  /** What was asked for and not to be had, a sentence each; empty if all is as it should be. */
  public List<String> fallbacks() {
    return netif.fallbacks();
  }

  /**
   * Frames dropped by the driver: longer than the MTU, in either direction, or refused by the
   * kernel. Frames for which the stack had no room are counted by the stack.
   */
  @Override
  public long drops() {
    return netif.drops();
  }

  /**
   * Detaches it from its slot, within 2 seconds, and closes it. A device that is not persistent
   * disappears.
   *
   * @throws TapException when a thread is still inside of the driver; the device then stays open
   */
  @Override
  public void close() throws TapException {
    netif.close();
  }
}
